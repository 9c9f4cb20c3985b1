package dev.attune.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ScopeTest {
    private static Tensor make() {
        return Tensor.zeros(DType.FLOAT32, 2, 3);
    }

    @Test
    void freesWhatWasMadeInItAndNothingElse() {
        try (Scope outer = Scope.open()) {
            Tensor before = make();
            Tensor inside;
            try (Scope inner = Scope.open()) {
                inside = make();
                assertThat(inside.isFreed()).isFalse();
            }
            assertThat(inside.isFreed()).isTrue();
            assertThat(before.isFreed()).isFalse();
        }
    }

    @Test
    void countsLiveHandlesExactly() {
        long before = Scope.liveHandles();
        try (Scope outer = Scope.open()) {
            Tensor a = make();
            Tensor b = make();
            assertThat(Scope.liveHandles() - before).isEqualTo(2);
            try (Scope inner = Scope.open()) {
                a.add(b);
                make().close();
                assertThat(Scope.liveHandles() - before).isEqualTo(3);
            }
            assertThat(Scope.liveHandles() - before).isEqualTo(2);
            a.close();
            a.close();
            assertThat(Scope.liveHandles() - before).isEqualTo(1);
        }
        assertThat(Scope.liveHandles() - before).isZero();
    }

    @Test
    void readingValuesLeavesNoHandle() {
        try (Scope scope = Scope.open()) {
            Tensor t = make();
            long before = Scope.liveHandles();
            t.toFloats();
            t.toLongs();
            t.shape();
            t.norm();
            t.toString();
            assertThat(Scope.liveHandles()).isEqualTo(before);
        }
    }

    @Test
    void runHandsItsResultToTheSurroundingScope() {
        long before = Scope.liveHandles();
        Tensor result;
        try (Scope outer = Scope.open()) {
            Tensor[] hidden = new Tensor[1];
            result = Scope.run(() -> {
                hidden[0] = make();
                return hidden[0].add(hidden[0]);
            });
            assertThat(hidden[0].isFreed()).isTrue();
            assertThat(result.toFloats()).containsOnly(0);
            assertThat(Scope.liveHandles() - before).isEqualTo(1);
        }
        assertThat(result.isFreed()).isTrue();
        assertThat(Scope.liveHandles() - before).isZero();
    }

    @Test
    void runWithoutSurroundingScopeGivesItToTheCaller() {
        long before = Scope.liveHandles();
        Tensor result = Scope.run(ScopeTest::make);
        assertThat(result.toFloats()).hasSize(6);
        assertThat(Scope.liveHandles() - before).isEqualTo(1);
        result.close();
        assertThat(result.isFreed()).isTrue();
    }

    @Test
    void runLeavesAKeptTensorWithItsOwner() {
        long before = Scope.liveHandles();
        Tensor parameter = make().keep();
        try (Scope outer = Scope.open()) {
            assertThat(Scope.run(() -> parameter)).isSameAs(parameter);
        }
        assertThat(parameter.isFreed()).isFalse();
        assertThat(Scope.liveHandles() - before).isEqualTo(1);
        parameter.close();
        assertThat(parameter.isFreed()).isTrue();
        assertThat(Scope.liveHandles() - before).isZero();
    }

    @Test
    void runLeavesATensorOfAnOuterScopeThere() {
        long before = Scope.liveHandles();
        try (Scope outer = Scope.open()) {
            Tensor old = make();
            try (Scope inner = Scope.open()) {
                Scope.run(() -> old);
            }
            assertThat(old.isFreed()).isFalse();
            assertThat(Scope.liveHandles() - before).isEqualTo(1);
        }
        assertThat(Scope.liveHandles() - before).isZero();
    }

    @Test
    void keepEscapesAllScopes() {
        long before = Scope.liveHandles();
        Tensor kept;
        try (Scope outer = Scope.open()) {
            try (Scope inner = Scope.open()) {
                kept = make().keep().keep();
            }
        }
        assertThat(kept.toFloats()).hasSize(6);
        assertThat(Scope.liveHandles() - before).isEqualTo(1);
        kept.close();
        assertThat(kept.isFreed()).isTrue();
        assertThat(Scope.liveHandles() - before).isZero();
    }

    @Test
    void outerScopeCannotCloseFirst() {
        Scope outer = Scope.open();
        Scope inner = Scope.open();
        assertThatThrownBy(outer::close)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("inner scopes first");
        inner.close();
        outer.close();
        outer.close();
    }

    @Test
    void closesAfterAnException() {
        long before = Scope.liveHandles();
        assertThatThrownBy(() -> {
                    try (Scope scope = Scope.open()) {
                        make();
                        throw new IllegalArgumentException("mine");
                    }
                })
                .hasMessage("mine");
        assertThatThrownBy(() -> Scope.run(() -> {
                    make();
                    throw new IllegalArgumentException("mine too");
                }))
                .hasMessage("mine too");
        assertThat(Scope.liveHandles()).isEqualTo(before);
    }

    @Test
    void anotherThreadHasItsOwn() throws InterruptedException {
        try (Scope mine = Scope.open()) {
            AtomicReference<Tensor> theirs = new AtomicReference<>();
            AtomicReference<Throwable> refused = new AtomicReference<>();
            Thread thread = new Thread(() -> {
                theirs.set(make()); // in no scope: this thread has none
                try {
                    mine.close();
                } catch (IllegalStateException e) {
                    refused.set(e);
                }
                try (Scope scope = Scope.open()) {
                    make();
                }
            });
            thread.start();
            thread.join();
            assertThat(refused.get()).hasMessageContaining("thread that opened it");
            assertThat(theirs.get().isFreed()).isFalse();
            theirs.get().close();
            assertThat(make().isFreed()).isFalse();
        }
    }

    @Test
    void manyTurnsLeaveNothing() {
        long before = Scope.liveHandles();
        try (Scope setup = Scope.open()) {
            Tensor w = Tensor.zeros(DType.FLOAT32, 8).requiresGrad(true);
            for (int turn = 0; turn < 200; turn++) {
                try (Scope step = Scope.open()) {
                    w.mul(w).sum().backward();
                    w.clearGrad();
                }
                assertThat(Scope.liveHandles() - before).isEqualTo(1);
            }
        }
    }
}
