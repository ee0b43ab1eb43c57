package org.powersync.jakarta.syncconfig.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static final long ABOVE_2_53 = (1L << 53) + 1;

  @Test
  void integersAndRealsCompareWithoutLoss() {
    assertThat(Comparison.equal(SqlValue.of(ABOVE_2_53), SqlValue.of(0x1p53))).isFalse();
    assertThat(Comparison.compare(SqlValue.of(ABOVE_2_53), SqlValue.of(0x1p53))).isPositive();
    assertThat(Comparison.equal(SqlValue.of(Long.MIN_VALUE), SqlValue.of(-0x1p63))).isTrue();
    assertThat(Comparison.compare(SqlValue.of(Long.MAX_VALUE), SqlValue.of(0x1p63))).isNegative();
    assertThat(Comparison.equal(SqlValue.of(5), SqlValue.of(5.0))).isTrue();
    assertThat(Comparison.equal(SqlValue.of(0), SqlValue.of(-0.0))).isTrue();
  }

  @Test
  void wideIntegersCompareExactly() {
    SqlValue wide = SqlValue.of(BigInteger.TWO.pow(80).add(BigInteger.ONE));
    assertThat(Comparison.compare(wide, SqlValue.of(0x1p80))).isPositive();
    assertThat(Comparison.compare(wide, SqlValue.of(Double.POSITIVE_INFINITY))).isNegative();
    assertThat(Comparison.compare(wide, SqlValue.of(Long.MAX_VALUE))).isPositive();
    assertThat(Comparison.equal(wide, SqlValue.of(BigInteger.TWO.pow(80).add(BigInteger.ONE))))
        .isTrue();
  }

  @Test
  void notANumberIsLessThanEverythingAndEqualToNothing() {
    SqlValue nan = SqlValue.of(Double.NaN);
    assertThat(Comparison.equal(nan, nan)).isFalse();
    assertThat(Comparison.compare(nan, SqlValue.of(Double.NEGATIVE_INFINITY))).isNegative();
    assertThat(Comparison.compare(SqlValue.of(1), nan)).isPositive();
  }

  @Test
  void kindsAreOrderedAndBlobsAreNotCompared() {
    SqlValue blob = new SqlValue.Blob(new byte[] {1});
    assertThat(Comparison.compare(SqlValue.of(9), SqlValue.of("1"))).isNegative();
    assertThat(Comparison.compare(SqlValue.of("z"), blob)).isNegative();
    assertThatThrownBy(() -> Comparison.equal(blob, blob)).isInstanceOf(EvaluationException.class);
  }
}
