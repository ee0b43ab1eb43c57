/**
 * The oracle: random sync configs, random source histories, clients that come and go, and faults.
 * Whenever a client completes a checkpoint, it must hold exactly the rows that plain SQL selected
 * on the source in the transaction the checkpoint stands for. A clock row, changed by every source
 * transaction and synced to everybody, tells which one that was.
 */
package org.powersync.jakarta.oracle;
