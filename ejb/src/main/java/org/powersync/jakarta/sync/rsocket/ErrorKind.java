package org.powersync.jakarta.sync.rsocket;

/** The codes of ERROR frames that a server sends. */
public enum ErrorKind {
  INVALID_SETUP(0x001),
  UNSUPPORTED_SETUP(0x002),
  REJECTED_SETUP(0x003),
  REJECTED_RESUME(0x004),
  CONNECTION_ERROR(0x101),
  APPLICATION_ERROR(0x201),
  REJECTED(0x202);

  private final int code;

  ErrorKind(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}
