/**
 * Published SDKs for JavaScript against the deployed EAR, run by {@code mvn -Psdk verify}. The
 * programs around them are in {@code src/test/sdk}; start at {@link
 * org.powersync.jakarta.sdk.SdkContract}, which every SDK must fulfil.
 */
package org.powersync.jakarta.sdk;
