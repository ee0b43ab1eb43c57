package org.powersync.jakarta.syncconfig.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumberTextTest {
  private static final int SAMPLES = 10_000;

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0.0, 0",
    "1, 1",
    "-5, -5",
    "0.1, 0.1",
    "1e-6, 0.000001",
    "1.5e-7, 1.5e-7",
    "1e-7, 1e-7",
    "123456789012345680000, 123456789012345680000",
    "1e20, 100000000000000000000",
    "1e21, 1e+21",
    "-1.5e300, -1.5e+300",
    "2e-3, 0.002",
    "5e-324, 5e-324",
    "1e-323, 1e-323",
    "59e-324, 6e-323",
    "2.2250738585072014E-308, 2.2250738585072014e-308",
    "1.7976931348623157E308, 1.7976931348623157e+308",
    "9007199254740993, 9007199254740992",
    "2e23, 2e+23",
    "8.41E21, 8.41e+21",
    "2.0E-3, 0.002",
    "4.35, 4.35",
    "123.456, 123.456",
    "NaN, NaN",
    "-Infinity, -Infinity"
  })
  void printsLikeEcmaScript(double value, String text) {
    assertThat(NumberText.of(value)).isEqualTo(text);
  }

  @Test
  void randomDoublesAreShortestClosestAndRoundTrip() {
    Random random = new Random(4511638);
    for (int i = 0; i < SAMPLES; i++) {
      double value = Double.longBitsToDouble(random.nextLong() & Long.MAX_VALUE);
      if (!Double.isNaN(value) && !Double.isInfinite(value)) {
        check(value);
      }
      check(random.nextInt(1_000_000) / 1000.0);
      check(Double.longBitsToDouble(random.nextInt(1 << 20) + 1L));
    }
  }

  @Test
  void powersOfTwoAndTenAndTheirNeighbours() {
    for (int exponent = -1074; exponent <= 1023; exponent++) {
      checkAround(Math.scalb(1.0, exponent));
    }
    for (int exponent = -323; exponent <= 308; exponent++) {
      checkAround(Double.parseDouble("1e" + exponent));
    }
  }

  private static void checkAround(double value) {
    check(value);
    check(Math.nextUp(value));
    check(Math.nextDown(value));
  }

  private static void check(double value) {
    if (value == 0 || Double.isInfinite(value)) {
      return;
    }
    String text = NumberText.of(value);
    assertThat(Double.parseDouble(text)).isEqualTo(value);
    BigDecimal printed = new BigDecimal(text).stripTrailingZeros();
    if (Math.abs(value) >= 1e21 || value != Math.rint(value)) {
      assertThat(printed).isEqualByComparingTo(shortest(value));
    }
  }

  /** Tries one digit after the other, rounding both ways. */
  private static BigDecimal shortest(double value) {
    BigDecimal exact = new BigDecimal(value);
    for (int digits = 1; digits <= 17; digits++) {
      BigDecimal down = exact.round(new MathContext(digits, RoundingMode.DOWN));
      BigDecimal up = exact.round(new MathContext(digits, RoundingMode.UP));
      boolean downFits = down.doubleValue() == value;
      boolean upFits = up.doubleValue() == value;
      if (downFits && upFits) {
        int closer = exact.subtract(down).compareTo(up.subtract(exact));
        boolean takeDown = closer < 0 || closer == 0 && !down.unscaledValue().testBit(0);
        return takeDown ? down : up;
      }
      if (downFits || upFits) {
        return downFits ? down : up;
      }
    }
    throw new AssertionError("no 17 digits for " + value);
  }
}
