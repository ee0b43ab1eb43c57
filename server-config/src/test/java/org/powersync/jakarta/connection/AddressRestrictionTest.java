package org.powersync.jakarta.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.powersync.jakarta.error.PowerSyncException;

class AddressRestrictionTest {
  private static boolean rejects(String range, String address) {
    InetAddress literal = AddressRestriction.literal(address).orElseThrow();
    return AddressRestriction.of(List.of(range)).rejects(literal);
  }

  @Tag("CFG-10")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.255.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "192.0.0.1",
        "198.18.0.1",
        "198.19.0.1",
        "198.51.100.7",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fc00::1",
        "fd12::1",
        "fe80::1",
        "::ffff:127.0.0.1",
        "64:ff9b::1",
        "2002::1",
        "2001:db8::1",
        "ff02::1",
        "[::1]"
      })
  void localRejectsWhatIsNotPublicUnicast(String address) {
    assertThat(rejects("local", address)).isTrue();
  }

  @Tag("CFG-10")
  @ParameterizedTest
  @ValueSource(strings = {"8.8.8.8", "2606:4700::1111", "172.15.0.1", "172.32.0.1", "100.128.0.1"})
  void localAcceptsPublicAddresses(String address) {
    assertThat(rejects("local", address)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "8.8.0.0/15,8.9.255.255,true",
    "8.8.0.0/15,8.10.0.0,false",
    "0.0.0.0/0,1.2.3.4,true",
    "0.0.0.0/0,2606::1,false",
    "1.2.3.4/32,1.2.3.4,true",
    "1.2.3.4/32,1.2.3.5,false",
    "2606:4700::/33,2606:4700:7fff::1,true",
    "2606:4700::/33,2606:4700:8000::1,false",
    "::ffff:10.0.0.0/104,10.9.9.9,true"
  })
  void cidrRangesRejectWhatTheyContain(String range, String address, boolean rejected) {
    assertThat(rejects(range, address)).isEqualTo(rejected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"10.0.0.1", "10.0.0.0/33", "x/8", "10.0.0.0/x", "LOCAL", "::/129", "999.0.0.0/8"})
  void otherEntriesAreRefused(String range) {
    assertThatThrownBy(() -> AddressRestriction.of(List.of(range)))
        .isInstanceOf(PowerSyncException.class);
  }

  @Test
  void namesAreNotLiterals() {
    assertThat(AddressRestriction.literal("localhost")).isEmpty();
    assertThat(AddressRestriction.literal("1.2.3.4.example")).isEmpty();
  }
}
