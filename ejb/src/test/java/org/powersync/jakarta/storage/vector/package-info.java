/**
 * Checks of the conformance vectors, one small class per kind of file. {@link
 * org.powersync.jakarta.storage.StorageVectorsTest} finds the files and names the class for each.
 */
package org.powersync.jakarta.storage.vector;
