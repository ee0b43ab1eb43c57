/** The deployed product under test: a real Open Liberty with the EAR that Maven built. */
package org.powersync.jakarta.server;
