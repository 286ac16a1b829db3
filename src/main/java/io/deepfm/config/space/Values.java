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
     * Where a value lies among all.
     *
     * @param text the value
     * @return from 0, the first or least one, to 1
     */
    double share(String text);

    /**
     * Whether there is a list of them.
     *
     * @return false for a range
     */
    boolean isListed();

    /**
     * The first or least one.
     *
     * @return the text of the value
     */
    String low();

    /**
     * The last or greatest one.
     *
     * @return the text of the value
     */
    String high();

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

        @Override
        public double share(String text) {
            return texts.size() == 1 ? 0.5 : (double) texts.indexOf(text) / (texts.size() - 1);
        }

        @Override
        public boolean isListed() {
            return true;
        }

        @Override
        public String low() {
            return texts.get(0);
        }

        @Override
        public String high() {
            return texts.get(texts.size() - 1);
        }
    }

    /**
     * All numbers between two.
     *
     * @param least the lower end
     * @param greatest the upper end
     * @param logarithmic whether each order of magnitude is as likely as any other, and not each interval of one length
     * @param whole whether only whole numbers count
     */
    record Range(double least, double greatest, boolean logarithmic, boolean whole) implements Values {

        @Override
        public String draw(RandomGenerator random) {
            if (whole && !logarithmic) {
                return Long.toString(random.nextLong((long) least, (long) greatest + 1));
            }
            double scaled = scaled(least) + random.nextDouble() * (scaled(greatest) - scaled(least));
            return text(logarithmic ? Math.exp(scaled) : scaled);
        }

        @Override
        public double share(String text) {
            return (scaled(Double.parseDouble(text)) - scaled(least)) / (scaled(greatest) - scaled(least));
        }

        @Override
        public boolean isListed() {
            return false;
        }

        @Override
        public String low() {
            return text(least);
        }

        @Override
        public String high() {
            return text(greatest);
        }

        private double scaled(double value) {
            return logarithmic ? Math.log(value) : value;
        }

        /** Three digits say as much, and can be read. */
        private String text(double value) {
            return whole ? Long.toString(Math.round(value)) : String.format(Locale.ROOT, "%.3g", value);
        }
    }
}
