package org.powersync.jakarta.connection;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;

/**
 * Which addresses may not be connected to: CIDR ranges, and {@code local} for everything that is
 * not ordinary public unicast (replication section 6.5). Immutable.
 */
public final class AddressRestriction {
  /** Nothing is rejected. */
  public static final AddressRestriction NONE = new AddressRestriction(List.of());

  private static final String LOCAL = "local";
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  /**
   * What {@code local} stands for: the special-purpose registries of IANA, and multicast.
   * IPv4-mapped IPv6 addresses are missing because Java turns them into IPv4 ones.
   */
  private static final List<Range> LOCAL_RANGES =
      ranges(
          "0.0.0.0/8",
          "10.0.0.0/8",
          "100.64.0.0/10",
          "127.0.0.0/8",
          "169.254.0.0/16",
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.88.99.0/24",
          "192.168.0.0/16",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/4",
          "240.0.0.0/4",
          "::/127",
          "64:ff9b::/96",
          "64:ff9b:1::/48",
          "100::/64",
          "2001::/32",
          "2001:db8::/32",
          "2002::/16",
          "fc00::/7",
          "fe80::/10",
          "fec0::/10",
          "ff00::/8");

  private final List<Range> rejected;

  private AddressRestriction(List<Range> rejected) {
    this.rejected = List.copyOf(rejected);
  }

  /** A network; IPv4 in four bytes, IPv6 in sixteen. */
  private record Range(byte[] network, int bits) {
    boolean contains(byte[] address) {
      if (address.length != network.length) {
        return false;
      }
      int whole = bits / 8;
      for (int i = 0; i < whole; i++) {
        if (address[i] != network[i]) {
          return false;
        }
      }
      int mask = 0xff << (8 - bits % 8) & 0xff;
      return bits % 8 == 0 || ((address[whole] ^ network[whole]) & mask) == 0;
    }
  }

  /**
   * Reads the entries of {@code reject_ip_ranges}.
   *
   * @throws PowerSyncException PSYNC_S1109 for an entry that is neither CIDR nor {@code local}
   */
  public static AddressRestriction of(List<String> entries) {
    List<Range> ranges = new ArrayList<>();
    for (String entry : entries) {
      if (entry.equals(LOCAL)) {
        ranges.addAll(LOCAL_RANGES);
      } else {
        ranges.add(
            range(entry)
                .orElseThrow(
                    () ->
                        new PowerSyncException(
                                ErrorCode.PSYNC_S1109,
                                "An IP range must be in CIDR form, such as 10.0.0.0/8, or local")
                            .with("range", entry)));
      }
    }
    return new AddressRestriction(ranges);
  }

  public boolean isEmpty() {
    return rejected.isEmpty();
  }

  /** Whether connections to the address are rejected. */
  public boolean rejects(InetAddress address) {
    byte[] bytes = address.getAddress();
    return rejected.stream().anyMatch(range -> range.contains(bytes));
  }

  /**
   * Refuses a rejected address.
   *
   * @throws PowerSyncException PSYNC_S2203
   */
  public void check(InetAddress address) {
    if (rejects(address)) {
      throw new PowerSyncException(
              ErrorCode.PSYNC_S2203, "The address is in a range that the configuration rejects")
          .with("address", address.getHostAddress());
    }
  }

  /** The address if the host is an IP literal, with or without brackets; no name is resolved. */
  public static Optional<InetAddress> literal(String host) {
    String text =
        host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    if (!IPV4.matcher(text).matches() && text.indexOf(':') < 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(text));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  private static List<Range> ranges(String... texts) {
    return Arrays.stream(texts).map(text -> range(text).orElseThrow()).toList();
  }

  private static Optional<Range> range(String text) {
    int slash = text.indexOf('/');
    Optional<InetAddress> network =
        slash < 0 ? Optional.empty() : literal(text.substring(0, slash));
    if (network.isEmpty()) {
      return Optional.empty();
    }
    byte[] bytes = network.get().getAddress();
    boolean mapped = bytes.length == 4 && text.indexOf(':') >= 0;
    try {
      int bits = Integer.parseInt(text.substring(slash + 1)) - (mapped ? 96 : 0);
      return bits < 0 || bits > bytes.length * 8
          ? Optional.empty()
          : Optional.of(new Range(bytes, bits));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
