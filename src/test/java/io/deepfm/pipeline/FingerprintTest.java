package io.deepfm.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class FingerprintTest {

    /** A setting whose text shows its components, as all settings do. */
    private record Setting(int size, List<String> names) {}

    @Example
    void isTheSha256OfNamesAndValues() {
        // printf 'seed=42\nepoch=1\n' | sha256sum
        assertThat(new Fingerprint().add("seed", 42).add("epoch", 1L).hex())
                .isEqualTo("a00b8459d644d4b5c371592b896250bff81b15ed9825b0bab690f917a3cb1424");
        // sha256sum < /dev/null
        assertThat(new Fingerprint().hex())
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    @Property
    void differentValuesGiveDifferentFingerprints(@ForAll long one, @ForAll long other) {
        assertThat(of("seed", one).equals(of("seed", other))).isEqualTo(one == other);
    }

    @Example
    void namesMatter() {
        assertThat(of("seed", 1)).isNotEqualTo(of("epoch", 1));
    }

    @Example
    void orderMatters() {
        assertThat(new Fingerprint().add("a", 1).add("b", 2).hex())
                .isNotEqualTo(new Fingerprint().add("b", 2).add("a", 1).hex());
    }

    @Example
    void recordsCountByTheirComponents() {
        assertThat(of("setting", new Setting(1, List.of("x")))).isEqualTo(of("setting", new Setting(1, List.of("x"))));
        assertThat(of("setting", new Setting(1, List.of("x"))))
                .isNotEqualTo(of("setting", new Setting(1, List.of("y"))));
    }

    @Example
    void bytesCount() {
        byte[] bytes = {1, 2, 3};
        String one = new Fingerprint().add("file", bytes).hex();
        assertThat(one).isEqualTo(new Fingerprint().add("file", bytes.clone()).hex());
        assertThat(one)
                .isNotEqualTo(
                        new Fingerprint().add("file", new byte[] {1, 2, 4}).hex());
    }

    private static String of(String name, Object value) {
        return new Fingerprint().add(name, value).hex();
    }
}
