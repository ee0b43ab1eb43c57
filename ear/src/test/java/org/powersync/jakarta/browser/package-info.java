/**
 * The admin page in a real browser. {@link org.powersync.jakarta.browser.BrowserPage} drives
 * Chromium over its DevTools protocol, without a further dependency.
 */
package org.powersync.jakarta.browser;
