package io.deepfm.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What Spark's driver noted of an application's jobs and tasks.
 *
 * @param application its id
 * @param events in their order
 */
record EventLog(String application, List<JsonNode> events) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String JOB_START = "SparkListenerJobStart";
    private static final String TASK_END = "SparkListenerTaskEnd";

    /** The log of the one application whose log is in a folder, also while it runs. */
    static EventLog in(Path folder) throws IOException {
        Path file;
        try (Stream<Path> files = Files.list(folder)) {
            file = files.filter(path -> path.getFileName().toString().startsWith("app-"))
                    .findFirst()
                    .orElse(null);
        }
        List<JsonNode> events = new ArrayList<>();
        if (file == null) {
            return new EventLog("", events);
        }
        String text = Files.readString(file);
        // The last line may not be whole yet.
        for (String line : text.substring(0, text.lastIndexOf('\n') + 1).split("\n")) {
            if (line.startsWith(event(JOB_START)) || line.startsWith(event(TASK_END))) {
                events.add(JSON.readTree(line));
            }
        }
        return new EventLog(file.getFileName().toString().replace(".inprogress", ""), events);
    }

    /** The stages that a class of ours had Spark run. */
    Set<Integer> stages(Class<?> code) {
        Set<Integer> stages = new HashSet<>();
        for (JsonNode event : events(JOB_START)) {
            for (JsonNode stage : event.path("Stage Infos")) {
                if (stage.path("Details").asText().contains(code.getName() + ".")) {
                    stages.add(stage.path("Stage ID").asInt());
                }
            }
        }
        return stages;
    }

    /** How many tasks of some stages ended with their executor. */
    long lostTasks(Set<Integer> stages) {
        return events(TASK_END).stream()
                .filter(event -> stages.contains(event.path("Stage ID").asInt()))
                .filter(event ->
                        event.path("Task End Reason").path("Reason").asText().equals("ExecutorLostFailure"))
                .count();
    }

    private List<JsonNode> events(String type) {
        return events.stream()
                .filter(event -> event.path("Event").asText().equals(type))
                .toList();
    }

    private static String event(String type) {
        return "{\"Event\":\"" + type + "\"";
    }
}
