package io.deepfm.data.encode;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/**
 * The mean and the deviation of numbers from sums without rounding, which are the same in whatever order numbers come. A sum
 * of doubles is rounded at every step, so that it would depend on how Spark partitions them.
 *
 * <p>Takes some kilobytes for however many numbers. Public, as Spark encodes no other classes.
 */
public final class ExactMoments implements Serializable {

    private static final long serialVersionUID = 1L;

    private final ExactSum sum = new ExactSum();
    private final ExactSum squares = new ExactSum();
    private long count;

    /**
     * Adds a number.
     *
     * @param value finite
     */
    void add(double value) {
        long bits = Double.doubleToRawLongBits(value);
        int biased = (int) (bits >>> 52) & 0x7ff;
        long mantissa = bits & 0xfffffffffffffL | (biased == 0 ? 0 : 1L << 52);
        // |value| = mantissa * 2^exponent
        int exponent = Math.max(biased, 1) - 1075;
        sum.add(value < 0, 0, mantissa, exponent);
        squares.add(false, Math.multiplyHigh(mantissa, mantissa), mantissa * mantissa, 2 * exponent);
        count++;
    }

    /** Adds all that another one has gathered. */
    void add(ExactMoments other) {
        sum.add(other.sum);
        squares.add(other.squares);
        count += other.count;
    }

    /**
     * The mean.
     *
     * @return NaN without numbers
     */
    double mean() {
        return count == 0
                ? Double.NaN
                : sum.value()
                        .divide(BigDecimal.valueOf(count), MathContext.DECIMAL128)
                        .doubleValue();
    }

    /**
     * The standard deviation of the numbers as a population.
     *
     * @return NaN without numbers
     */
    double deviation() {
        if (count == 0) {
            return Double.NaN;
        }
        BigDecimal n = BigDecimal.valueOf(count);
        BigDecimal total = sum.value();
        // n^2 times the variance, without rounding.
        BigDecimal scaled = squares.value().multiply(n).subtract(total.multiply(total));
        return scaled.sqrt(MathContext.DECIMAL128)
                .divide(n, MathContext.DECIMAL128)
                .doubleValue();
    }

    /**
     * A sum of doubles or of their squares as a whole number of the smallest of them, in digits of 32 bits each, which have
     * room for 2^30 summands before they are carried.
     *
     * @see <a href="https://arxiv.org/abs/1505.05571">Neal, Fast exact summation using small and large superaccumulators</a>
     */
    private static final class ExactSum implements Serializable {

        private static final long serialVersionUID = 1L;
        /** The square of the smallest double is 2^-2148. */
        private static final int LEAST_EXPONENT = -2148;
        /** The square of the largest is below 2^2048; 64 bits are for the number of summands. */
        private static final int DIGITS = (2048 - LEAST_EXPONENT + 64) / 32 + 1;

        private static final int BEFORE_CARRY = 1 << 30;
        private static final long DIGIT = 0xffffffffL;

        private final long[] digits = new long[DIGITS];
        private int summands;

        /** Adds a whole number of 128 bits, times a power of two. */
        void add(boolean negative, long high, long low, int exponent) {
            int place = exponent - LEAST_EXPONENT;
            int shift = place % 32;
            long l0 = low & DIGIT;
            long l1 = low >>> 32;
            long l2 = high & DIGIT;
            long l3 = high >>> 32;
            add(place / 32, negative, l0 << shift & DIGIT);
            add(place / 32 + 1, negative, (l1 << shift | l0 >>> 32 - shift) & DIGIT);
            add(place / 32 + 2, negative, (l2 << shift | l1 >>> 32 - shift) & DIGIT);
            add(place / 32 + 3, negative, (l3 << shift | l2 >>> 32 - shift) & DIGIT);
            add(place / 32 + 4, negative, l3 >>> 32 - shift);
            if (++summands == BEFORE_CARRY) {
                carry();
            }
        }

        private void add(int at, boolean negative, long digit) {
            if (digit != 0) {
                digits[at] += negative ? -digit : digit;
            }
        }

        void add(ExactSum other) {
            carry();
            other.carry();
            for (int i = 0; i < DIGITS; i++) {
                digits[i] += other.digits[i];
            }
            summands = 2;
        }

        private void carry() {
            for (int i = 0; i < DIGITS - 1; i++) {
                digits[i + 1] += digits[i] >> 32;
                digits[i] &= DIGIT;
            }
            summands = 1;
        }

        BigDecimal value() {
            carry();
            BigInteger whole = BigInteger.ZERO;
            for (int i = DIGITS - 1; i >= 0; i--) {
                whole = whole.shiftLeft(32).add(BigInteger.valueOf(digits[i]));
            }
            int zeros = Math.max(0, whole.getLowestSetBit());
            int exponent = LEAST_EXPONENT + zeros;
            BigDecimal odd = new BigDecimal(whole.shiftRight(zeros));
            BigDecimal power = new BigDecimal(BigInteger.TWO.pow(Math.abs(exponent)));
            // A power of two below 1 has as many decimals as its exponent says.
            return exponent >= 0 ? odd.multiply(power) : odd.divide(power);
        }
    }
}
