package org.powersync.jakarta.replication.postgres.pgoutput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.replication.LogSequenceNumber;

class PgLsnTest {
  @Tag("CHK-05")
  @Test
  void readsBothFormsAndPrintsTheComparableOne() {
    PgLsn lsn = PgLsn.parse("16/B374D848");
    assertThat(lsn.value()).isEqualTo(0x16_B374D848L);
    assertThat(lsn).hasToString("00000016/B374D848");
    assertThat(PgLsn.parse("00000016/b374d848")).isEqualTo(lsn);
    assertThat(lsn.postgresText()).isEqualTo("16/B374D848");
    assertThat(PgLsn.ZERO).hasToString("00000000/00000000");
    assertThat(PgLsn.ZERO.postgresText()).isEqualTo("0/0");
    assertThat(PgLsn.parse("FFFFFFFF/FFFFFFFF").value()).isEqualTo(-1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "1/", "/1", "1", "1/2/3", "g/1", "-1/1", "123456789/0", "１/1"})
  void refusesOtherTexts(String text) {
    assertThatThrownBy(() -> PgLsn.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Tag("CHK-06")
  @Test
  void ordersTheUpperHalfBehindTheLower() {
    PgLsn high = PgLsn.parse("80000000/0");
    assertThat(high).isGreaterThan(PgLsn.parse("7FFFFFFF/FFFFFFFF"));
    assertThat(high.isAfter(PgLsn.ZERO)).isTrue();
    assertThat(high.isAfter(high)).isFalse();
    assertThat(PgLsn.ZERO.max(high)).isEqualTo(high);
  }

  @Property
  void textsCompareLikePositions(@ForAll long one, @ForAll long other) {
    PgLsn a = new PgLsn(one);
    PgLsn b = new PgLsn(other);
    assertThat(Integer.signum(a.toString().compareTo(b.toString())))
        .isEqualTo(Integer.signum(a.compareTo(b)));
    assertThat(PgLsn.parse(a.toString())).isEqualTo(a);
    assertThat(PgLsn.parse(a.postgresText())).isEqualTo(a);
    assertThat(a.postgresText()).isEqualTo(LogSequenceNumber.valueOf(one).asString());
  }
}
