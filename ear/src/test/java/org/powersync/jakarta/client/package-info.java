/** Clients of the deployed product: a published SDK, tokens, and bare HTTP. */
package org.powersync.jakarta.client;
