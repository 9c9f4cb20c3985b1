package dev.attune.tensor;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.TensorType;
import org.bytedeco.pytorch.Type;
import org.jspecify.annotations.Nullable;

/**
 * Any operation of libtorch by its name, for those that have no Java method. About 4 µs a call: meant for calls that do
 * much, such as one optimizer step over all parameters.
 */
public final class Dispatch {
    private static final ConcurrentHashMap<String, OperatorHandle> RESOLVED = new ConcurrentHashMap<>();

    private Dispatch() {}

    /**
     * Calls {@code name} (for instance {@code aten::_fused_adamw_}) with arguments in the order of its schema.
     *
     * @param overload the overload name, or the empty string
     * @param arguments {@link Tensor}, a list of tensors, Double, Long, Boolean, or null for None
     * @return the first output if it is a tensor
     */
    public static @Nullable Tensor call(String name, String overload, @Nullable Object... arguments) {
        Native.load();
        return Operation.guard(name, () -> {
            OperatorHandle operator = RESOLVED.computeIfAbsent(name + "/" + overload, key -> {
                OperatorHandle found = Dispatcher.singleton().findSchemaOrThrow(name, overload);
                found.retainReference(); // outlives the scope of whoever asks first
                return found;
            });
            IValueVector stack = new IValueVector();
            for (Object argument : arguments) stack.push_back(value(argument));
            operator.callBoxed(stack);
            // The element is a view into the stack without a reference of its own: copy the handle.
            return stack.size() > 0 && stack.get(0).isTensor()
                    ? Tensor.of(new org.bytedeco.pytorch.Tensor(stack.get(0).toTensor()))
                    : null;
        });
    }

    private static IValue value(@Nullable Object argument) {
        if (argument == null) return new IValue();
        if (argument instanceof Tensor t) return new IValue(t.handle());
        if (argument instanceof Double d) return new IValue(d.doubleValue());
        if (argument instanceof Long l) return new IValue(l.longValue());
        if (argument instanceof Boolean b) return new IValue(b.booleanValue());
        if (argument instanceof List<?> list) {
            // IValue(TensorVector) would bind to the constructor for opaque pointers.
            GenericList tensors = new GenericList(new Type.TypePtr(TensorType.get()));
            for (Object each : list) tensors.push_back(new IValue(((Tensor) each).handle()));
            return new IValue(tensors);
        }
        throw new IllegalArgumentException(
                "No argument of type " + argument.getClass().getName());
    }
}
