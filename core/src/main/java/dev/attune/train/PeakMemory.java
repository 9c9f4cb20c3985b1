package dev.attune.train;

/** Watches the native memory of the process while something runs: what was taken in between is freed when it is over. */
final class PeakMemory implements Runnable {
    private volatile boolean done;
    private volatile long peak;

    private PeakMemory() {}

    /** Native memory at the height of {@code work}, in bytes. */
    static long during(Runnable work) {
        PeakMemory watch = new PeakMemory();
        Thread thread = new Thread(watch, "attune-memory");
        thread.setDaemon(true);
        thread.start();
        try {
            work.run();
        } finally {
            watch.done = true;
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return watch.peak;
    }

    @Override
    public void run() {
        do {
            peak = Math.max(peak, MemoryBudget.nativeBytes());
            try {
                Thread.sleep(1);
            } catch (InterruptedException e) {
                return;
            }
        } while (!done);
        peak = Math.max(peak, MemoryBudget.nativeBytes());
    }
}
