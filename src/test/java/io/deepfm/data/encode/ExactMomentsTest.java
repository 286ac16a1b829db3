package io.deepfm.data.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Against decimal numbers, which do not round. */
class ExactMomentsTest {

    @Test
    void knowsTheMomentsOfAHandfulOfNumbers() {
        ExactMoments moments = of(List.of(2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0));
        assertThat(moments.mean()).isEqualTo(5.0);
        assertThat(moments.deviation()).isEqualTo(2.0);
        assertThat(new ExactMoments().mean()).isNaN();
    }

    @Test
    void keepsWhatASumOfDoublesLoses() {
        ExactMoments moments = of(List.of(1e300, 1.0, -1e300, 1.0, Double.MIN_VALUE, -Double.MIN_VALUE));
        assertThat(moments.mean()).isEqualTo(2.0 / 6);
        assertThat(of(List.of(Double.MAX_VALUE, -Double.MAX_VALUE)).deviation()).isEqualTo(Double.MAX_VALUE);
        assertThat(of(List.of(Double.MIN_VALUE, -Double.MIN_VALUE)).deviation()).isEqualTo(Double.MIN_VALUE);
    }

    @Property(tries = 100)
    void orderAndPartsMakeNoDifference(@ForAll @Size(min = 2, max = 30) List<Double> values, @ForAll Random random) {
        List<Double> shuffled = new ArrayList<>(values);
        Collections.shuffle(shuffled, random);
        int half = random.nextInt(shuffled.size());
        ExactMoments parts = of(shuffled.subList(0, half));
        parts.add(of(shuffled.subList(half, shuffled.size())));

        BigDecimal n = BigDecimal.valueOf(values.size());
        BigDecimal sum = values.stream().map(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add);
        BigDecimal squares =
                values.stream().map(value -> new BigDecimal(value).pow(2)).reduce(BigDecimal.ZERO, BigDecimal::add);
        assertThat(parts.mean())
                .isEqualTo(sum.divide(n, MathContext.DECIMAL128).doubleValue())
                .isEqualTo(of(values).mean());
        assertThat(parts.deviation())
                .isEqualTo(squares.multiply(n)
                        .subtract(sum.pow(2))
                        .sqrt(MathContext.DECIMAL128)
                        .divide(n, MathContext.DECIMAL128)
                        .doubleValue())
                .isEqualTo(of(values).deviation());
    }

    private static ExactMoments of(List<Double> values) {
        ExactMoments moments = new ExactMoments();
        values.forEach(moments::add);
        return moments;
    }
}
