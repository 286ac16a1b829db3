package io.deepfm.pipeline.lock;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;

/**
 * The process that a {@link Claim} is of.
 *
 * @param host the machine; empty where it is not known
 * @param pid the process on that machine
 * @param started when that process started, as process numbers are used again
 * @param since when it made the claim, by its own clock; for people only
 * @param what the command it runs
 * @param held whether it has the lock that it claims
 * @param notes what others should know of it
 * @param beats the signs of life it has given
 */
public record Holder(
        String host,
        long pid,
        String started,
        String since,
        String what,
        boolean held,
        Map<String, String> notes,
        long beats) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** It always lives, and is another user's. */
    private static final long FIRST_PROCESS = 1;

    /**
     * This process.
     *
     * @param what the command it runs
     * @return itself, without a lock and notes
     */
    public static Holder self(String what) {
        return new Holder(
                hostName(),
                ProcessHandle.current().pid(),
                started(ProcessHandle.current()),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                what,
                false,
                Map.of(),
                0);
    }

    Holder holding() {
        return new Holder(host, pid, started, since, what, true, notes, beats);
    }

    Holder beating() {
        return new Holder(host, pid, started, since, what, held, notes, beats + 1);
    }

    Holder noting(String name, String value) {
        Map<String, String> more = new TreeMap<>(notes);
        more.put(name, value);
        return new Holder(host, pid, started, since, what, held, more, beats);
    }

    /** Whether it is a process of this machine that is seen to live. */
    @JsonIgnore
    boolean isLivingHere() {
        return isHere()
                && ProcessHandle.of(pid)
                        .filter(process -> started(process).equals(started))
                        .isPresent();
    }

    /**
     * Whether it was a process of this machine that has surely ended. Where other users' processes are hidden, one that is not
     * seen may live; and one that began at another time may be the same, as after a step of the clock.
     */
    @JsonIgnore
    boolean isDeadHere() {
        return isHere()
                && ProcessHandle.of(pid).isEmpty()
                && ProcessHandle.of(FIRST_PROCESS).isPresent();
    }

    private boolean isHere() {
        return !host.isEmpty() && host.equals(hostName());
    }

    /**
     * What a claim's file holds.
     *
     * @return JSON in UTF-8
     */
    public byte[] toJson() {
        try {
            return JSON.writeValueAsString(this).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static Holder parse(String json) {
        try {
            return JSON.readValue(json, Holder.class);
        } catch (JsonProcessingException e) {
            // Made but not written yet: it is just beginning, or was killed just then.
            return new Holder("", 0, "", "", "", false, Map.of(), 0);
        }
    }

    /** For messages to people. */
    @Override
    public String toString() {
        return host.isEmpty()
                ? "another process"
                : "process " + pid + " on " + host + " (deepfm " + what + "), since " + since;
    }

    private static String started(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toString).orElse("");
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "";
        }
    }
}
