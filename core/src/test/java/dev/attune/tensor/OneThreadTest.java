package dev.attune.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class OneThreadTest {
    @Test
    void givesBackWhatTheBodyGives() {
        Native.load();
        assertThat(OneThread.<String>run(() -> "done")).isEqualTo("done");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void isForTheThreadThatAsksAndEndsWithTheBody() throws InterruptedException {
        Native.load();
        int before = torch.get_num_threads();
        torch.set_num_threads(2);
        try {
            AtomicInteger elsewhere = new AtomicInteger();
            Thread other = new Thread(() -> elsewhere.set(torch.get_num_threads()));
            int within = OneThread.run(() -> {
                other.start();
                try {
                    other.join();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return torch.get_num_threads();
            });
            assertThat(within).isEqualTo(1);
            assertThat(elsewhere.get()).isEqualTo(2);
            assertThat(torch.get_num_threads()).isEqualTo(2);
            assertThatThrownBy(() -> OneThread.run((Runnable) () -> {
                        throw new IllegalStateException("mine");
                    }))
                    .hasMessage("mine");
            assertThat(torch.get_num_threads()).isEqualTo(2);
        } finally {
            torch.set_num_threads(before);
        }
    }
}
