package io.deepfm;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Random changes of valid bytes, for tests of how hostile input is met. */
public final class Mutations {

    private static final List<String> TOKENS = List.of(
            "",
            "0",
            "-1",
            "NaN",
            "Infinity",
            "1e309",
            "1e-400",
            "0x10",
            "2147483648",
            "9223372036854775808",
            "1.5",
            "null",
            "true",
            "{",
            "}",
            "[",
            "]",
            "\"",
            "\"\"\"",
            "'",
            ",",
            ":",
            "=",
            "+=",
            "${x}",
            "#",
            "//",
            "\\",
            "\\u0000",
            "\u0000",
            "\t",
            "|",
            "\ufeff",
            "\u00e9",
            "\u2028",
            "\ud83d\ude00",
            "[[[[[[[[",
            "a.b.c",
            " ");

    private Mutations() {}

    /**
     * Changes bytes in one to four places.
     *
     * @param valid what is changed; itself it stays
     * @param random decides
     * @return other bytes, or by chance the same
     */
    public static byte[] of(byte[] valid, Random random) {
        byte[] bytes = valid.clone();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            bytes = once(bytes, random);
        }
        return bytes;
    }

    private static byte[] once(byte[] bytes, Random random) {
        if (bytes.length == 0) {
            return token(random);
        }
        int at = random.nextInt(bytes.length);
        int end = Math.min(bytes.length, at + 1 + random.nextInt(random.nextBoolean() ? 4 : 40));
        byte[] changed = bytes.clone();
        switch (random.nextInt(8)) {
            case 0 -> changed[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> changed[at] = (byte) random.nextInt();
            case 2 -> {
                return spliced(bytes, at, end, new byte[0]);
            }
            case 3 -> {
                return spliced(bytes, at, at, Arrays.copyOfRange(bytes, at, end));
            }
            case 4 -> {
                return spliced(bytes, at, at, token(random));
            }
            case 5 -> {
                return number(bytes, at, random);
            }
            case 6 -> {
                int from = random.nextInt(bytes.length);
                return spliced(
                        bytes, at, end, Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + end - at)));
            }
            default -> {
                return random.nextInt(4) == 0 ? Arrays.copyOf(bytes, at) : spliced(bytes, at, end, token(random));
            }
        }
        return changed;
    }

    /** Another token in the place of the digits from there on. */
    private static byte[] number(byte[] bytes, int from, Random random) {
        int at = from;
        while (at < bytes.length && !Character.isDigit(bytes[at])) {
            at++;
        }
        int end = at;
        while (end < bytes.length && Character.isDigit(bytes[end])) {
            end++;
        }
        return spliced(bytes, at, end, token(random));
    }

    private static byte[] token(Random random) {
        return TOKENS.get(random.nextInt(TOKENS.size())).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] spliced(byte[] bytes, int at, int end, byte[] between) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, at);
        out.writeBytes(between);
        out.write(bytes, end, bytes.length - end);
        return out.toByteArray();
    }
}
