package io.deepfm.benchmark;

import ai.djl.engine.Engine;
import com.sun.management.OperatingSystemMXBean;
import io.deepfm.inference.EngineSettings;
import io.deepfm.report.Version;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** What a benchmark runs on. */
final class Machine {

    private Machine() {}

    /** The machine and the versions of what computes. */
    static Map<String, Object> describe(String device, String spark) {
        long memory =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
        Map<String, Object> machine = new LinkedHashMap<>();
        machine.put("cpu", cpu());
        machine.put("cores", Runtime.getRuntime().availableProcessors());
        machine.put("memory_gib", Math.round(memory / (double) (1 << 30) * 10) / 10.0);
        machine.put("os", String.join(" ", property("os.name"), property("os.version"), property("os.arch")));
        machine.put("java", property("java.vm.name") + " " + property("java.vm.version"));
        machine.put("spark", spark);
        machine.put("djl", Version.DJL);
        machine.put("torch", Engine.getInstance().getVersion());
        machine.put("threads", EngineSettings.threads());
        machine.put("device", device);
        machine.put("deepfm_spark", Version.PROGRAM);
        return machine;
    }

    private static String property(String key) {
        return System.getProperty(key);
    }

    /** The processor's name, by the operating system; its architecture where that does not say. */
    private static String cpu() {
        Path linux = Path.of("/proc/cpuinfo");
        try {
            String name = Files.exists(linux) ? modelName(linux) : output("sysctl", "-n", "machdep.cpu.brand_string");
            return name.isBlank() ? property("os.arch") : name;
        } catch (IOException e) {
            return property("os.arch");
        }
    }

    private static String modelName(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("");
        }
    }

    private static String output(String... command) throws IOException {
        Process process = new ProcessBuilder(command).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }
}
