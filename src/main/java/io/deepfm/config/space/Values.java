package io.deepfm.config.space;

import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** What a setting may be. */
public sealed interface Values {

    /**
     * Draws one, each as likely as any other.
     *
     * @param random where chance comes from
     * @return as it would stand behind {@code key=} on the command line
     */
    String draw(RandomGenerator random);

    /**
     * Some values.
     *
     * @param texts each as it would stand behind {@code key=} on the command line
     */
    record Listed(List<String> texts) implements Values {

        /** Copies the list. */
        public Listed {
            texts = List.copyOf(texts);
        }

        @Override
        public String draw(RandomGenerator random) {
            return texts.get(random.nextInt(texts.size()));
        }
    }

    /**
     * All numbers between two.
     *
     * @param low the least
     * @param high the greatest
     * @param logarithmic whether each order of magnitude is as likely as any other, and not each interval of one length
     * @param whole whether only whole numbers count
     */
    record Range(double low, double high, boolean logarithmic, boolean whole) implements Values {

        @Override
        public String draw(RandomGenerator random) {
            if (whole && !logarithmic) {
                return Long.toString(random.nextLong((long) low, (long) high + 1));
            }
            double share = random.nextDouble();
            double drawn = logarithmic
                    ? Math.exp(Math.log(low) + share * (Math.log(high) - Math.log(low)))
                    : low + share * (high - low);
            // Three digits say as much, and can be read.
            return whole ? Long.toString(Math.round(drawn)) : String.format(Locale.ROOT, "%.3g", drawn);
        }
    }
}
