package dev.attune.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class GradTest {
    private static boolean records() {
        try (Scope scope = Scope.open()) {
            Tensor w = Tensor.zeros(DType.FLOAT32, 1).requiresGrad(true);
            boolean recorded = w.mul(w).requiresGrad();
            assertThat(Grad.isOn()).isEqualTo(recorded);
            return recorded;
        }
    }

    @Test
    void offStopsRecordingAndRestores() {
        assertThat(records()).isTrue();
        assertThat(Grad.off(GradTest::records)).isFalse();
        assertThat(records()).isTrue();
    }

    @Test
    void nests() {
        Grad.off(() -> {
            Grad.off(() -> assertThat(records()).isFalse());
            assertThat(records()).isFalse();
        });
        assertThat(records()).isTrue();
    }

    @Test
    void restoresAfterAnException() {
        assertThatThrownBy(() -> Grad.off((Runnable) () -> {
                    throw new IllegalStateException("mine");
                }))
                .hasMessage("mine");
        assertThat(records()).isTrue();
    }

    @Test
    void restoresEvenIfAScopeIsOpenedOrClosedInside() {
        Scope[] left = new Scope[1];
        Grad.off(() -> {
            left[0] = Scope.open();
        });
        assertThat(records()).isTrue();
        left[0].close();
        assertThat(records()).isTrue();
        try (Scope scope = Scope.open()) {
            Grad.off(() -> assertThat(records()).isFalse());
            assertThat(records()).isTrue();
        }
        assertThat(records()).isTrue();
    }

    @Test
    void belongsToTheThread() throws InterruptedException {
        AtomicBoolean other = new AtomicBoolean();
        Grad.off(() -> {
            Thread thread = new Thread(() -> other.set(records()));
            thread.start();
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(other).isTrue();
    }

    @Test
    void gradientsAddUpUntilCleared() {
        try (Scope scope = Scope.open()) {
            Tensor w = Tensor.ofFloats(new float[] {1, 2, 3}, 3).requiresGrad(true);
            assertThat(w.grad()).isNull();
            w.mul(w).sum().backward();
            assertThat(w.grad().toFloats()).containsExactly(2, 4, 6);
            w.mul(w).sum().backward();
            assertThat(w.grad().toFloats()).containsExactly(4, 8, 12);
            w.clearGrad();
            assertThat(w.grad()).isNull();
        }
    }

    @Test
    void aGradientInHandOutlivesItsParameter() {
        Tensor gradient;
        try (Scope scope = Scope.open()) {
            Tensor w = Tensor.ofFloats(new float[] {1, 2, 3}, 3).requiresGrad(true);
            w.mul(w).sum().backward();
            gradient = w.grad().keep();
            w.clearGrad();
            assertThat(gradient.toFloats()).containsExactly(2, 4, 6);
        }
        assertThat(gradient.toFloats()).containsExactly(2, 4, 6);
        gradient.close();
    }

    @Test
    void detachCutsTheHistory() {
        try (Scope scope = Scope.open()) {
            Tensor w = Tensor.ofFloats(new float[] {3}, 1).requiresGrad(true);
            w.mul(w.detach()).sum().backward();
            assertThat(w.grad().toFloats()).containsExactly(3);
            assertThat(w.detach().requiresGrad()).isFalse();
        }
    }

    @Test
    void inPlaceChangesAreNotRecorded() {
        try (Scope scope = Scope.open()) {
            Tensor w = Tensor.ofFloats(new float[] {3, 4}, 2).requiresGrad(true);
            w.mulInPlace(2);
            assertThat(w.toFloats()).containsExactly(6, 8);
            w.copyInPlace(Tensor.ofFloats(new float[] {1, 5}, 2));
            assertThat(w.toFloats()).containsExactly(1, 5);
            w.fillInPlace(7);
            assertThat(w.toFloats()).containsExactly(7, 7);
            w.zeroInPlace();
            assertThat(w.toFloats()).containsExactly(0, 0);
            assertThat(w.requiresGrad()).isTrue();
            w.sum().backward();
            assertThat(w.grad().toFloats()).containsExactly(1, 1);
        }
    }
}
