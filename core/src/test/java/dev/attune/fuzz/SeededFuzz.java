package dev.attune.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Gives a reader seeded mutations, one after the other, and keeps those that it does not stand, one of each kind. */
final class SeededFuzz {
    /** After so many nanoseconds of a processor without an answer a reader hangs. */
    private static final long HANGS = 4 * Verdict.LONGEST;

    /** And after so many times as long where it waits: a busy machine may leave it without a processor for a while. */
    private static final long WAITS = 30;

    private static final Path FOUND = Path.of("target", "fuzz", "found");

    private final FuzzTarget target;
    private final Mutator mutator;
    private final Verdict verdict;
    private final long seed;
    /** By the place in the code. */
    private final Map<String, AssertionError> found = new LinkedHashMap<>();

    private volatile long number;
    private volatile byte[] input = {};
    private volatile long began;

    SeededFuzz(FuzzTarget target, Path folder, long seed) throws IOException {
        this.target = target;
        this.mutator = new Mutator(target);
        this.verdict = new Verdict(target, folder, true);
        this.seed = seed;
    }

    /** Reader, number of the first input, how many, seed: in a process of its own, for a native library can end it. */
    public static void main(String[] arguments) throws IOException {
        FuzzTarget target = FuzzTargets.named(arguments[0]);
        long first = Long.parseLong(arguments[1]);
        long inputs = Long.parseLong(arguments[2]);
        Path folder = Files.createTempDirectory("attune-fuzz-" + target.reader());
        SeededFuzz fuzz = new SeededFuzz(target, folder, Long.parseLong(arguments[3]));
        System.out.println(target.reader() + ": the last input is in " + folder);
        fuzz.run(first, inputs);
        FuzzCounts.add(target, "seeded", fuzz.seed, inputs, fuzz.verdict);
        fuzz.found.values().forEach(Throwable::printStackTrace);
        System.exit(fuzz.found.isEmpty() ? 0 : 1);
    }

    /** Reads the inputs with the numbers from {@code first} on. */
    void run(long first, long inputs) {
        began = System.nanoTime();
        watched(() -> {
            for (number = first; number < first + inputs; number++) judge(mutator.input(seed, number));
        });
    }

    /** Reads one input: a seed, or one that was found before. */
    void run(byte[] kept) {
        began = System.nanoTime();
        number = -1;
        watched(() -> judge(kept));
    }

    private void judge(byte[] next) {
        input = next;
        began = System.nanoTime();
        try {
            verdict.of(next);
        } catch (AssertionError e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            StackTraceElement[] trace = cause.getStackTrace();
            String place = cause.getClass() + (trace.length == 0 ? "" : " " + trace[0]);
            if (!found.containsKey(place)) found.put(place, found(String.valueOf(e.getMessage()), e));
        }
    }

    /** On a thread of its own, so that a reader that never comes back is found as well. */
    private void watched(Runnable work) {
        FutureTask<Void> task = new FutureTask<>(work, null);
        Thread thread = new Thread(task, "fuzz " + target.reader());
        thread.setDaemon(true);
        thread.start();
        ThreadMXBean times = ManagementFactory.getThreadMXBean();
        long asked = 0;
        long used = 0;
        while (true) {
            try {
                task.get(200, TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException e) {
                long now = Math.max(0, times.getThreadCpuTime(thread.getId()));
                if (began != asked) {
                    asked = began;
                    used = now;
                }
                if (now - used < HANGS && System.nanoTime() - began < WAITS * HANGS) continue;
                AssertionError hangs = found("the reader hangs.", null);
                hangs.setStackTrace(thread.getStackTrace());
                throw hangs;
            } catch (ExecutionException e) {
                throw found("the fuzzer itself fails: " + e.getCause(), e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }
    }

    private AssertionError found(String what, @Nullable Throwable cause) {
        try {
            Path folder = Files.createDirectories(FOUND.resolve(target.reader()));
            Path file = folder.resolve(HexFormat.of().toHexDigits(Arrays.hashCode(input)));
            Files.write(file, input);
            return new AssertionError(
                    target.reader() + ", seed " + seed + ", input " + number + " (kept as " + file + "): " + what,
                    cause);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws AssertionError if something was found: with the seed, the number and where the input is kept */
    void throwIfAnythingWasFound() {
        if (found.isEmpty()) return;
        AssertionError first = found.values().iterator().next();
        found.values().stream().skip(1).forEach(first::addSuppressed);
        throw first;
    }

    Verdict verdict() {
        return verdict;
    }
}
