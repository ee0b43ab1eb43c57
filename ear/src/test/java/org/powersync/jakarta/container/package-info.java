/** Tests inside the container: the real EAR on Open Liberty, against a real PostgreSQL. */
package org.powersync.jakarta.container;
