package dev.attune.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PeakMemoryTest {
    /** What was taken and given back in between counts, though nobody asked at that moment. */
    @Test
    void isTheHighestOfAllLooks() throws InterruptedException {
        AtomicLong memory = new AtomicLong(10);
        CountDownLatch looked = new CountDownLatch(1);
        try (PeakMemory peak = new PeakMemory(() -> {
            long now = memory.get();
            if (now == 70) looked.countDown();
            return now;
        })) {
            assertThat(peak.bytes()).isEqualTo(10);
            memory.set(70);
            assertThat(looked.await(30, TimeUnit.SECONDS)).isTrue();
            memory.set(20);
            assertThat(peak.bytes()).isEqualTo(70);
        }
    }

    @Test
    void looksAtTheProcess() {
        try (PeakMemory peak = new PeakMemory()) {
            assertThat(peak.bytes()).isGreaterThan(1 << 20);
        }
    }
}
