package dev.attune;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.tensor.DType;
import dev.attune.tensor.Tensor;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The leak check itself: it names what a test or a fixture leaves, and is silent otherwise. */
class LeakExtensionTest {
    private final LeakExtension extension = new LeakExtension();
    private final Map<Object, Object> store = new HashMap<>();
    private final List<Tensor> open = new ArrayList<>();

    private void leak() {
        open.add(Tensor.zeros(DType.FLOAT32, 1).keep());
    }

    @AfterEach
    void free() {
        open.forEach(Tensor::close);
    }

    @Test
    void namesWhatATestLeavesOnce() {
        extension.beforeAll(context(null));
        extension.beforeEach(context(null));
        leak();
        leak();
        assertThatThrownBy(() -> extension.afterEach(context(null)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("The test leaves 2 live tensor handles behind");
        assertThatCode(() -> extension.afterAll(context(null))).doesNotThrowAnyException();
    }

    @Test
    void namesWhatAFixtureLeaves() {
        extension.beforeAll(context(null));
        leak();
        extension.beforeEach(context(null));
        assertThatCode(() -> extension.afterEach(context(null))).doesNotThrowAnyException();
        assertThatThrownBy(() -> extension.afterAll(context(null)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("The fixture of the class leaves 1 live tensor handle behind");
    }

    @Test
    void acceptsAFixtureThatIsFreed() {
        extension.beforeAll(context(null));
        leak();
        extension.beforeEach(context(null));
        extension.afterEach(context(null));
        open.remove(0).close();
        assertThatCode(() -> extension.afterAll(context(null))).doesNotThrowAnyException();
    }

    @Test
    void aFailureHidesTheLeakThatItCaused() {
        extension.beforeAll(context(null));
        extension.beforeEach(context(null));
        leak();
        Throwable failure = new AssertionError("mine");
        assertThatCode(() -> extension.afterEach(context(failure))).doesNotThrowAnyException();
        assertThatCode(() -> extension.afterAll(context(failure))).doesNotThrowAnyException();
    }

    /** A context that has a store and nothing else. */
    private ExtensionContext context(@Nullable Throwable failure) {
        Object values = Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ExtensionContext.Store.class}, (proxy, method, args) -> {
                    if (method.getName().equals("put")) return store.put(args[0], args[1]);
                    if (method.getName().equals("get")) return store.get(args[0]);
                    throw new UnsupportedOperationException(method.getName());
                });
        return (ExtensionContext) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ExtensionContext.class},
                (proxy, method, args) -> switch (method.getName()) {
                    case "getStore" -> values;
                    case "getExecutionException" -> Optional.ofNullable(failure);
                    case "getParent" -> Optional.empty();
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
