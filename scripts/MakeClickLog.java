import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes the synthetic click log of sample-data/clicks in the format of Criteo's display advertising logs: {@code java
 * scripts/MakeClickLog.java [folder] [rows]}. The same file comes out every time.
 *
 * <p>A line is a label, 13 whole numbers and 26 categories of 8 hexadecimal digits, separated by tabs, many of them
 * missing. Whether an advertisement is clicked depends on single values and on pairs of them, as it does in real logs.
 */
public class MakeClickLog {

    static final int NUMBERS = 13;
    static final int CATEGORIES = 26;

    final SplittableRandom random = new SplittableRandom(20240608);
    final int[] cardinality = new int[CATEGORIES];
    final double[][] effect = new double[CATEGORIES][];
    final double[][][] taste = new double[CATEGORIES][][];

    MakeClickLog() {
        for (int c = 0; c < CATEGORIES; c++) {
            cardinality[c] = 4 + (int) Math.pow(1.32, c);
            effect[c] = new double[cardinality[c]];
            taste[c] = new double[cardinality[c]][3];
            for (int value = 0; value < cardinality[c]; value++) {
                effect[c][value] = 0.35 * random.nextGaussian();
                for (int d = 0; d < 3; d++) {
                    taste[c][value][d] = random.nextGaussian();
                }
            }
        }
    }

    String line() {
        StringBuilder text = new StringBuilder();
        double logit = -1.0;
        for (int n = 0; n < NUMBERS; n++) {
            // Counts with a long tail; the second column may be negative, as in the original.
            int number = (int) Math.floor(Math.exp(1.5 * random.nextGaussian() + 0.2 * n)) - (n == 1 ? 2 : 0);
            boolean missing = random.nextDouble() < 0.03 * n;
            logit += missing ? 0 : (n % 3 - 1) * 0.25 * Math.log1p(Math.abs(number));
            text.append('\t').append(missing ? "" : number);
        }
        int[] values = new int[CATEGORIES];
        for (int c = 0; c < CATEGORIES; c++) {
            double skew = random.nextDouble();
            values[c] = (int) (cardinality[c] * skew * skew);
            boolean missing = c % 7 == 6 && random.nextDouble() < 0.3;
            logit += missing ? 0 : effect[c][values[c]];
            text.append('\t').append(missing ? "" : String.format("%08x", (c + 1) * 0x9e3779b9 + values[c] * 0x85ebca6b));
        }
        // Pairs of categories that go together, or do not.
        for (int c = 0; c + 1 < 8; c += 2) {
            for (int d = 0; d < 3; d++) {
                logit += 0.4 * taste[c][values[c]][d] * taste[c + 1][values[c + 1]][d];
            }
        }
        int label = random.nextDouble() < 1 / (1 + Math.exp(-logit)) ? 1 : 0;
        return label + text.toString();
    }

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args.length > 0 ? args[0] : "sample-data/clicks");
        int rows = args.length > 1 ? Integer.parseInt(args[1]) : 4000;
        MakeClickLog maker = new MakeClickLog();
        List<String> lines = new ArrayList<>(rows);
        for (int i = 0; i < rows; i++) {
            lines.add(maker.line());
        }
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("clicks.tsv"), String.join("\n", lines) + "\n");
    }
}
