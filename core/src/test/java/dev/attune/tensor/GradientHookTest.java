package dev.attune.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.TensorException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GradientHookTest {
    private static Tensor leaf(float... values) {
        return Tensor.ofFloats(values, values.length).requiresGrad(true);
    }

    @Test
    void replacesTheGradient() {
        try (Scope scope = Scope.open()) {
            Tensor w = leaf(1, 2, 3);
            try (GradientHook hook = Grad.onGradient(w, g -> g.mul(10).add(g))) {
                w.mul(w).sum().backward();
            }
            assertThat(w.grad().toFloats()).containsExactly(22, 44, 66);
        }
    }

    @Test
    void mayLookWithoutChanging() {
        try (Scope scope = Scope.open()) {
            Tensor w = leaf(1, 2);
            List<Float> seen = new ArrayList<>();
            try (GradientHook hook = Grad.onGradient(w, g -> {
                for (float value : g.toFloats()) seen.add(value);
                return g;
            })) {
                w.mul(w).sum().backward();
            }
            assertThat(seen).containsExactly(2f, 4f);
            assertThat(w.grad().toFloats()).containsExactly(2, 4);
        }
    }

    @Test
    void worksOnATensorInsideTheGraph() {
        try (Scope scope = Scope.open()) {
            Tensor w = leaf(1, 2);
            Tensor inner = w.mul(3);
            try (GradientHook hook = Grad.onGradient(inner, g -> g.mul(100))) {
                inner.sum().backward();
            }
            assertThat(w.grad().toFloats()).containsExactly(300, 300);
        }
    }

    @Test
    void aTensorOfTheHooksOwnScopeIsReturnedSafely() {
        try (Scope scope = Scope.open()) {
            Tensor w = leaf(1, 2);
            try (GradientHook hook =
                    Grad.onGradient(w, g -> Scope.run(() -> g.mul(2).mul(2)))) {
                for (int i = 0; i < 50; i++) {
                    w.sum().backward();
                    assertThat(w.grad().toFloats()).containsExactly(4, 4);
                    w.clearGrad();
                }
            }
        }
    }

    @Test
    void aKeptTensorIsReturnedAndStaysWithItsOwner() {
        Tensor constant = Tensor.ofFloats(new float[] {5, 6}, 2).keep();
        try (Scope scope = Scope.open()) {
            Tensor w = leaf(1, 2);
            try (GradientHook hook = Grad.onGradient(w, g -> constant)) {
                w.sum().backward();
                w.sum().backward();
            }
            assertThat(w.grad().toFloats()).containsExactly(10, 12);
            w.clearGrad();
        }
        assertThat(constant.toFloats()).containsExactly(5, 6);
        constant.close();
    }

    @Test
    void anExceptionArrivesWithItsCause() {
        try (Scope scope = Scope.open()) {
            Tensor w = leaf(1, 2);
            IllegalArgumentException mine = new IllegalArgumentException("mine");
            try (GradientHook hook = Grad.onGradient(w, g -> {
                throw mine;
            })) {
                assertThatThrownBy(() -> w.sum().backward())
                        .isInstanceOf(TensorException.class)
                        .hasCause(mine)
                        .hasMessage("backward: a gradient hook failed: java.lang.IllegalArgumentException: mine");
            }
            w.sum().backward();
            assertThat(w.grad().toFloats()).containsExactly(1, 1);
        }
    }

    @Test
    void evenAnErrorArrives() {
        try (Scope scope = Scope.open()) {
            Tensor w = leaf(1, 2);
            AssertionError mine = new AssertionError("mine");
            try (GradientHook hook = Grad.onGradient(w, g -> {
                throw mine;
            })) {
                assertThatThrownBy(() -> w.sum().backward())
                        .isInstanceOf(TensorException.class)
                        .hasCause(mine);
            }
        }
    }

    @Test
    void aClosedResultIsAnErrorAndNotACrash() {
        try (Scope scope = Scope.open()) {
            Tensor w = leaf(1, 2);
            try (GradientHook hook = Grad.onGradient(w, g -> {
                Tensor result = g.mul(2);
                result.close();
                return result;
            })) {
                assertThatThrownBy(() -> w.sum().backward())
                        .isInstanceOf(TensorException.class)
                        .hasMessageContaining("This tensor is closed");
            }
        }
    }

    @Test
    void aResultOfAnotherShapeIsAnError() {
        try (Scope scope = Scope.open()) {
            Tensor w = leaf(1, 2);
            try (GradientHook hook = Grad.onGradient(w, g -> g.narrow(0, 0, 1))) {
                assertThatThrownBy(() -> w.sum().backward()).isInstanceOf(TensorException.class);
            }
        }
    }

    @Test
    void survivesGarbageCollectionAndTheScopeItWasMadeIn() {
        Tensor w = leaf(1, 2).keep();
        AtomicInteger calls = new AtomicInteger();
        List<GradientHook> hooks = new ArrayList<>();
        try (Scope scope = Scope.open()) {
            hooks.add(Grad.onGradient(w, g -> {
                calls.incrementAndGet();
                return g.mul(2);
            }));
        }
        for (int i = 0; i < 3; i++) {
            System.gc();
            byte[][] garbage = new byte[50][];
            for (int j = 0; j < garbage.length; j++) garbage[j] = new byte[1 << 20];
            assertThat(garbage[49]).hasSize(1 << 20);
            try (Scope scope = Scope.open()) {
                w.sum().backward();
                assertThat(w.grad().toFloats()).containsExactly(2, 2);
                w.clearGrad();
            }
        }
        assertThat(calls).hasValue(3);
        hooks.get(0).close();
        w.close();
    }

    @Test
    void nothingHasToHoldTheHandle() {
        Tensor w = leaf(1).keep();
        AtomicInteger calls = new AtomicInteger();
        GradientHook[] only = {
            Grad.onGradient(w, g -> {
                calls.incrementAndGet();
                return g;
            })
        };
        java.lang.ref.WeakReference<GradientHook> weak = new java.lang.ref.WeakReference<>(only[0]);
        only[0] = null;
        System.gc();
        try (Scope scope = Scope.open()) {
            w.sum().backward();
        }
        assertThat(calls).hasValue(1);
        weak.get().close();
        w.close();
    }

    @Test
    void closeEndsIt() {
        try (Scope scope = Scope.open()) {
            Tensor w = leaf(1, 2);
            AtomicInteger first = new AtomicInteger();
            AtomicInteger second = new AtomicInteger();
            GradientHook a = Grad.onGradient(w, g -> {
                first.incrementAndGet();
                return g.mul(2);
            });
            GradientHook b = Grad.onGradient(w, g -> {
                second.incrementAndGet();
                return g.mul(3);
            });
            w.sum().backward();
            assertThat(w.grad().toFloats()).containsExactly(6, 6);
            w.clearGrad();
            a.close();
            a.close();
            w.sum().backward();
            assertThat(w.grad().toFloats()).containsExactly(3, 3);
            b.close();
            w.clearGrad();
            w.sum().backward();
            assertThat(w.grad().toFloats()).containsExactly(1, 1);
            assertThat(first).hasValue(1);
            assertThat(second).hasValue(2);
        }
    }

    @Test
    void theLeafMayBeClosedFirst() {
        Tensor w = leaf(1, 2);
        GradientHook hook = Grad.onGradient(w, g -> g);
        w.close();
        hook.close();
    }

    @Test
    void cannotCloseItself() {
        try (Scope scope = Scope.open()) {
            Tensor w = leaf(1);
            GradientHook[] self = new GradientHook[1];
            self[0] = Grad.onGradient(w, g -> {
                self[0].close();
                return g;
            });
            assertThatThrownBy(() -> w.sum().backward())
                    .hasMessageContaining("cannot be closed while it runs")
                    .hasCauseInstanceOf(IllegalStateException.class);
            self[0].close();
        }
    }

    @Test
    void mayRunABackwardOfItsOwn() {
        try (Scope scope = Scope.open()) {
            Tensor w = leaf(2);
            Tensor other = leaf(3);
            Tensor otherLoss = other.sum(); // a hook runs without recording
            try (GradientHook inner = Grad.onGradient(other, g -> g.mul(10));
                    GradientHook hook = Grad.onGradient(w, g -> {
                        Tensor changed = g.mul(7);
                        otherLoss.backward();
                        return changed;
                    })) {
                w.sum().backward();
            }
            assertThat(w.grad().toFloats()).containsExactly(7);
            assertThat(other.grad().toFloats()).containsExactly(10);
        }
    }

    @Test
    void refusesATensorWithoutGradient() {
        try (Scope scope = Scope.open()) {
            Tensor plain = Tensor.zeros(DType.FLOAT32, 2);
            long before = Scope.liveHandles();
            assertThatThrownBy(() -> Grad.onGradient(plain, g -> g))
                    .isInstanceOf(TensorException.class)
                    .hasMessageStartingWith("onGradient: ");
            assertThat(Scope.liveHandles()).isEqualTo(before);
        }
    }
}
