package org.powersync.jakarta.syncconfig.value;

import java.math.BigInteger;

/**
 * The shortest decimal that reads back as a given double, and among these the closest one.
 *
 * <p>{@link Double#toString(double)} does not promise this before JDK 19 (JDK-4511638). The method
 * is Schubfach (Raffaello Giulietti, "The Schubfach way to render doubles"): the decimal candidates
 * next to the value are compared with the borders of its rounding interval, in 126-bit arithmetic.
 */
final class ShortestDecimal {
  private static final int MANTISSA_BITS = 52;
  private static final long HIDDEN_BIT = 1L << MANTISSA_BITS;
  private static final int EXPONENT_BIAS = 1075;
  private static final int MIN_EXPONENT = 1 - EXPONENT_BIAS;
  private static final long LOW_63 = Long.MAX_VALUE;

  private static final int MIN_SCALE = -324;
  private static final int MAX_SCALE = 292;

  /** Upper and lower 63 bits of ⌊10^-k · 2^r⌋ + 1 for each k, with r such that it has 126 bits. */
  private static final long[] SCALES = scales();

  private ShortestDecimal() {}

  /**
   * The digits of a positive finite value.
   *
   * @param scale receives the power of ten that belongs to the digits, at index 0
   * @return at most 17 digits, not ending in zero
   */
  static long digits(double value, int[] scale) {
    long bits = Double.doubleToRawLongBits(value);
    int biased = (int) (bits >>> MANTISSA_BITS) & 0x7ff;
    long fraction = bits & (HIDDEN_BIT - 1);
    long digits =
        biased == 0
            ? digits(MIN_EXPONENT, fraction, scale)
            : digits(biased - EXPONENT_BIAS, fraction | HIDDEN_BIT, scale);
    while (digits % 10 == 0) {
      digits /= 10;
      scale[0]++;
    }
    return digits;
  }

  private static long digits(int exponent, long mantissa, int[] scale) {
    // Borders belong to the interval of an even mantissa only.
    int open = (int) mantissa & 1;
    long centre = mantissa << 2;
    long right = centre + 2;
    boolean regular = mantissa != HIDDEN_BIT || exponent == MIN_EXPONENT;
    long left = regular ? centre - 2 : centre - 1;
    int k = regular ? floorLog10Pow2(exponent) : floorLog10ThreeQuartersPow2(exponent);
    int shift = exponent + floorLog2Pow10(-k) + 2;
    int index = (k - MIN_SCALE) << 1;
    long high = SCALES[index];
    long low = SCALES[index + 1];
    long v = roundToOdd(high, low, centre << shift);
    long vLeft = roundToOdd(high, low, left << shift) + open;
    long vRight = roundToOdd(high, low, right << shift) - open;

    scale[0] = k;
    long s = v >> 2;
    if (s >= 10) {
      long below = s / 10 * 10;
      long above = below + 10;
      boolean belowIn = vLeft <= below << 2;
      boolean aboveIn = above << 2 <= vRight;
      if (belowIn != aboveIn) {
        return belowIn ? below : above;
      }
    }
    long t = s + 1;
    boolean sIn = vLeft <= s << 2;
    boolean tIn = t << 2 <= vRight;
    if (sIn != tIn) {
      return sIn ? s : t;
    }
    long distance = v - ((s + t) << 1);
    return distance < 0 || distance == 0 && (s & 1) == 0 ? s : t;
  }

  /** ⌊g · x / 2^127⌋, with the lowest bit set when the division leaves a rest. */
  private static long roundToOdd(long high, long low, long x) {
    long x1 = Math.multiplyHigh(low, x);
    long y0 = high * x;
    long y1 = Math.multiplyHigh(high, x);
    long z = (y0 >>> 1) + x1;
    long w = y1 + (z >>> 63);
    return w | ((z & LOW_63) + LOW_63) >>> 63;
  }

  private static int floorLog10Pow2(int e) {
    return (int) (e * 661_971_961_083L >> 41);
  }

  private static int floorLog10ThreeQuartersPow2(int e) {
    return (int) (e * 661_971_961_083L - 274_743_187_321L >> 41);
  }

  private static int floorLog2Pow10(int e) {
    return (int) (e * 913_124_641_741L >> 38);
  }

  private static long[] scales() {
    long[] scales = new long[(MAX_SCALE - MIN_SCALE + 1) * 2];
    for (int k = MIN_SCALE; k <= MAX_SCALE; k++) {
      // 126 bits: 2^125 <= 10^-k * 2^r < 2^126
      int r = 125 - floorLog2Pow10(-k);
      BigInteger power = BigInteger.TEN.pow(Math.abs(k));
      BigInteger g;
      if (k <= 0) {
        g = r >= 0 ? power.shiftLeft(r) : power.shiftRight(-r);
      } else {
        g = BigInteger.ONE.shiftLeft(r).divide(power);
      }
      g = g.add(BigInteger.ONE);
      scales[(k - MIN_SCALE) << 1] = g.shiftRight(63).longValue();
      scales[((k - MIN_SCALE) << 1) + 1] = g.longValue() & LOW_63;
    }
    return scales;
  }
}
