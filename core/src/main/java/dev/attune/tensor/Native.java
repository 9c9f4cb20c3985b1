package dev.attune.tensor;

import com.sun.management.OperatingSystemMXBean;
import dev.attune.error.ConfigException;
import dev.attune.io.LargePages;
import dev.attune.io.LibC;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.presets.openblas_nolapack;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Loads libtorch once per process and tunes the process before it does, so that an embedded user gets what the command
 * line gets. Everything here can be overridden by the environment variable or system property that the library itself
 * reads; {@code -Dattune.threads=N} fixes the number of compute threads of both pools, libgomp's and OpenBLAS's.
 */
public final class Native {
    private static final List<String> KERNEL_VARIABLES =
            List.of("ATEN_CPU_CAPABILITY", "ONEDNN_MAX_CPU_ISA", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE");

    /** 0 until the libraries are loaded. */
    private static volatile int threads;

    private static boolean prepared;

    private Native() {}

    /** Makes sure that the native libraries are loaded. Costs nothing after the first call. */
    public static void load() {
        load(DType.FLOAT32);
    }

    /**
     * Loads the libraries tuned for products in {@code precision}, if they are not loaded yet. With BFLOAT16 the threads
     * of libgomp wait for work awake for some 20 microseconds before they sleep: measured 1.6 times faster on short texts.
     * In FLOAT32 that would take the cores from OpenBLAS, which has threads of its own.
     */
    public static void load(DType precision) {
        load(precision, 0);
    }

    /**
     * As {@link #load(DType)} for what an earlier process began: computes with as many threads as that did, where the user asks for
     * no other number, and does not try which number is fastest.
     *
     * @param earlier its number of threads; 0 if there is none
     */
    public static void load(DType precision, int earlier) {
        if (threads == 0) loadOnce(precision, earlier);
    }

    private static synchronized void loadOnce(DType precision, int earlier) {
        if (threads == 0) threads = bootstrap(precision, earlier);
    }

    /** Number of threads that one operation uses, as found by the probe. */
    public static int threads() {
        load();
        return threads;
    }

    /**
     * Computes with as many threads as an earlier process did, because another number sums in another order. A number that the
     * user asked for stays.
     *
     * @return the number that is used from now on
     */
    public static synchronized int resumeThreads(int earlier) {
        load();
        if (askedThreads() == null && earlier > 0 && earlier != threads) {
            use(earlier);
            threads = earlier;
        }
        return threads;
    }

    /** Resident memory of this process in bytes, without what it shares with files: see {@link #mappedBytes}. */
    public static long residentBytes() {
        load();
        return Pointer.physicalBytes();
    }

    /**
     * Resident memory of this process that is the content of files, in bytes: code of the native libraries, and data that are
     * mapped. The system takes it back when it needs it. 0 where that is not told, as elsewhere than on Linux.
     */
    public static long mappedBytes() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("RssFile:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10) // in KiB
                    .sum();
        } catch (IOException | UncheckedIOException notTold) {
            return 0;
        }
    }

    /** Memory of the container that this process is in, else of the machine, in bytes. */
    public static long machineBytes() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }

    /** Version of libtorch, for provenance. */
    public static String version() {
        load();
        try {
            return String.valueOf(Loader.getVersion("org.bytedeco", "pytorch"));
        } catch (IOException e) {
            return "unknown";
        }
    }

    /** One line for {@code attune doctor}: the vector extensions that libtorch found, for instance {@code AVX512}. */
    public static String cpuCapability() {
        load();
        try (PointerScope scope = new PointerScope()) {
            String config = torch.show_config().getString();
            int at = config.indexOf("CPU capability usage: ");
            return at < 0
                    ? "unknown"
                    : config.substring(at + 22).lines().findFirst().orElse("unknown");
        }
    }

    /**
     * What decides in which order sums are computed, besides the number of threads: with other values the last digits differ.
     * Processor, vector extensions of libtorch, and the variables by which a user chooses kernels, where they are set.
     */
    public static Map<String, String> kernels() {
        Map<String, String> kernels = new LinkedHashMap<>();
        kernels.put("cpu", Cpu.here().name());
        kernels.put("cpu_capability", cpuCapability());
        for (String variable : KERNEL_VARIABLES) {
            String value = System.getenv(variable);
            if (value != null) kernels.put(variable, value);
        }
        return kernels;
    }

    /**
     * Does on another thread what loading takes before the precision is known. Who has to read arguments first saves that time;
     * nobody has to call it.
     */
    public static void loadAhead() {
        Thread thread = new Thread(
                () -> {
                    try {
                        prepare();
                        Class.forName(torch.class.getName(), false, Native.class.getClassLoader());
                        Loader.load(org.bytedeco.openblas.global.openblas_nolapack.class);
                    } catch (ClassNotFoundException | LinkageError e) {
                        // load(…) meets the same and says so.
                    }
                },
                "attune-natives");
        thread.setDaemon(true);
        thread.start();
    }

    private static synchronized void prepare() {
        if (prepared) return;
        prepared = true;
        // JavaCPP counts the 8-byte Java view of a tensor, never its storage, and compares the whole process with the
        // Java heap: both limits are meaningless here, and reading them costs a system call per handle.
        setDefault("org.bytedeco.javacpp.maxBytes", "0");
        setDefault("org.bytedeco.javacpp.maxPhysicalBytes", "0");
        tuneProcess();
    }

    private static int bootstrap(DType precision, int earlier) {
        prepare();
        // libgomp reads it when it is loaded, with libtorch.
        if (precision == DType.BFLOAT16) LibC.call(c -> c.setenv("GOMP_SPINCOUNT", "10000", 0));
        try {
            Loader.load(torch.class);
        } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
            throw new ConfigException(
                    "libtorch has no natives for this platform (" + Loader.getPlatform()
                            + ") on the class path. Add the"
                            + " dependency dev.attune:attune-natives-cpu (linux-x86_64, macosx-arm64, macosx-x86_64,"
                            + " windows-x86_64); other platforms are not supported.",
                    e);
        }
        int chosen = chosenThreads(earlier);
        use(chosen);
        return chosen;
    }

    /** libtorch tells its own threads only; OpenBLAS, which multiplies in 32 bits, has a pool of its own. */
    static void use(int threads) {
        torch.set_num_threads(threads);
        if (System.getenv("OPENBLAS_NUM_THREADS") == null) openblas_nolapack.blas_set_num_threads(threads);
    }

    private static void setDefault(String property, String value) {
        if (System.getProperty(property) == null) System.setProperty(property, value);
    }

    private static void tuneProcess() {
        LibC.call(c -> {
            // OpenBLAS and libgomp each keep a pool of threads; spinning, they take the cores from one another.
            c.setenv("OMP_WAIT_POLICY", "PASSIVE", 0);
            if (System.getenv("MALLOC_ARENA_MAX") == null && System.getenv("LD_PRELOAD") == null) {
                // Activations of a step are freed and asked for again in the next: keep the pages instead of
                // returning and clearing them (mmap threshold, trim threshold, top pad; see mallopt(3)).
                // glibc takes at most half of its largest heap as mmap threshold: 32 MiB.
                c.mallopt(-3, 1 << 25);
                c.mallopt(-1, Integer.MAX_VALUE);
                c.mallopt(-2, 64 << 20);
            }
            if (LargePages.here() == LargePages.TENSORS) c.setenv("THP_MEM_ALLOC_ENABLE", "1", 0);
        });
    }

    private static @Nullable String askedThreads() {
        return System.getProperty("attune.threads", System.getenv("OMP_NUM_THREADS"));
    }

    private static int chosenThreads(int earlier) {
        String asked = askedThreads();
        if (asked != null) {
            try {
                int threads = Integer.parseInt(asked.trim());
                if (threads > 0) return threads;
            } catch (NumberFormatException e) {
                // falls through to the sentence below
            }
            throw new ConfigException("The number of threads must be a positive integer, but attune.threads or"
                    + " OMP_NUM_THREADS is \"" + asked + "\".");
        }
        return earlier > 0 ? earlier : probeThreads(Runtime.getRuntime().availableProcessors());
    }

    /**
     * A throttled machine is slower with as many threads as it claims CPUs: try, do not count. The candidates take turns
     * and the fastest turn of each counts, so that a neighbour who is busy for a moment does not decide.
     */
    private static int probeThreads(int cpus) {
        if (cpus == 1) return 1;
        int[] candidates = {cpus, Math.max(1, cpus / 2)};
        double[] fastest = {Double.MAX_VALUE, Double.MAX_VALUE};
        try (PointerScope scope = new PointerScope()) {
            org.bytedeco.pytorch.Tensor a = torch.ones(512, 512).mul(new Scalar(0.5f));
            for (int round = 0; round < 12; round++) {
                for (int c = 0; c < candidates.length; c++) {
                    use(candidates[c]);
                    long start = System.nanoTime();
                    for (int i = 0; i < 3; i++) torch.matmul(a, a).close();
                    fastest[c] = Math.min(fastest[c], System.nanoTime() - start);
                }
            }
        }
        // Fewer threads have to win clearly: the probe is short.
        return fastest[1] < 0.9 * fastest[0] ? candidates[1] : candidates[0];
    }
}
