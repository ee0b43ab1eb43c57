package org.powersync.jakarta.connection;

/** The product's version, as the library's manifest says. */
public final class ProductVersion {
  private static final String UNPACKAGED = "dev";

  private ProductVersion() {}

  /** Such as {@code 0.1.0}; {@code dev} when run from classes that were not packaged. */
  public static String text() {
    String version = ProductVersion.class.getPackage().getImplementationVersion();
    return version == null ? UNPACKAGED : version;
  }
}
