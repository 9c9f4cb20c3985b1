package dev.attune;

import dev.attune.tensor.Scope;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;

/**
 * Fails every test, and every class of tests, that ends with more live tensor handles than it began with. Registered
 * for all tests through {@code META-INF/services}. The count is a plain Java number: a test that never touches a tensor
 * does not load libtorch because of this.
 *
 * <p>A fixture made in {@code @BeforeAll} is counted for the class, not for its tests: free it in {@code @AfterAll}.
 */
public final class LeakExtension implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback {
    private static final Namespace NAMESPACE = Namespace.create(LeakExtension.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        store(context).put("class", Scope.liveHandles());
        // What a test of this class leaks is told once, by the test.
        store(context).put("told", new AtomicLong());
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        store(context).put("test", Scope.liveHandles());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        long left = Scope.liveHandles() - store(context).get("test", Long.class);
        if (left <= 0) return;
        store(context).get("told", AtomicLong.class).addAndGet(left);
        // A test that broke off may leave anything: its failure is the news.
        if (context.getExecutionException().isEmpty()) throw leak("The test", left);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        long told = store(context).get("told", AtomicLong.class).get();
        long left = Scope.liveHandles() - store(context).get("class", Long.class) - told;
        // A nested class has told its share: the class around it need not.
        context.getParent()
                .map(parent -> store(parent).get("told", AtomicLong.class))
                .ifPresent(outer -> outer.addAndGet(told + Math.max(0, left)));
        if (left > 0) throw leak("The fixture of the class", left);
    }

    private static AssertionError leak(String who, long left) {
        return new AssertionError(who + " leaves " + left + (left == 1 ? " live tensor handle" : " live tensor handles")
                + " behind. Open a Scope around the tensors, or close() what was kept.");
    }

    private static Store store(ExtensionContext context) {
        return context.getStore(NAMESPACE);
    }
}
