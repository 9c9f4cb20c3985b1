package dev.attune.job;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Results as JSON knows numbers: counts are whole, and what is not a number is null. */
public final class ResultNumbers {
    private ResultNumbers() {}

    /** The same values in the same order. */
    public static Map<String, @Nullable Object> of(Map<String, Double> results) {
        Map<String, @Nullable Object> numbers = new LinkedHashMap<>();
        results.forEach((name, value) -> {
            Object number = isCount(name) ? (Object) Math.round(value) : value;
            numbers.put(name, Double.isFinite(value) ? number : null);
        });
        return numbers;
    }

    /** Whether a result counts rows. */
    public static boolean isCount(String name) {
        return name.endsWith("_samples");
    }
}
