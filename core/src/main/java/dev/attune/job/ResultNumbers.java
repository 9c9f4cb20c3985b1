package dev.attune.job;

import dev.attune.io.JsonNumber;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the names of results say. Those that any run has are the reference's; whatever else there is was measured by the
 * task or by a metric of the caller, however it is called.
 */
public final class ResultNumbers {
    /** What results begin with; a validation set with a name has it there, too. */
    private static final String SET = "(train|eval|eval_[a-z][a-z0-9]*|test|predict)_";

    /** Rows of a set, and the questions that SQuAD 2.0's metric counts. */
    private static final Pattern COUNT = Pattern.compile(SET + "(samples|(HasAns_|NoAns_)?total)");

    private static final Pattern SPEED = Pattern.compile(SET + "(runtime|samples_per_second|steps_per_second)");

    private ResultNumbers() {}

    /**
     * The same values in the same order, as JSON knows numbers: counts are whole, and what is not a number is null. A metric of
     * the caller may be called as a count of a set with a name would be: if it is no whole number, it stays as it is.
     */
    public static Map<String, @Nullable Object> of(Map<String, Double> results) {
        Map<String, @Nullable Object> numbers = new LinkedHashMap<>();
        results.forEach((name, value) -> {
            Double number = JsonNumber.of(value);
            boolean whole = number != null && number == Math.rint(number);
            numbers.put(name, whole && isCount(name) ? (Object) Math.round(number) : number);
        });
        return numbers;
    }

    /** Whether a result counts rows. */
    public static boolean isCount(String name) {
        return COUNT.matcher(name).matches();
    }

    /** Whether a result is a time or a speed. */
    public static boolean isSpeed(String name) {
        return SPEED.matcher(name).matches();
    }

    /** Whether a result tells how good the model is, and not how much was computed how fast. */
    public static boolean isQuality(String name) {
        return !isCount(name) && !isSpeed(name) && !name.equals("epoch");
    }
}
