package dev.attune.job.search;

import dev.attune.error.ConfigException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** The values that a key may get in a search. {@link #toString} is the form in which recipes write it. */
public sealed interface Space {
    /** Of numbers with a fraction, the digits that are kept: more would say nothing and be hard to read. */
    MathContext DIGITS = new MathContext(4);

    /** A value from all of them, each as likely; of {@link LogUniform} each order of magnitude. */
    Object draw(SplittableRandom random);

    /** Any number between two, each as likely: {@code uniform(0, 0.1)}. */
    record Uniform(double low, double high) implements Space {
        public Uniform {
            requireOrder("uniform", low, high, low < high);
        }

        @Override
        public Object draw(SplittableRandom random) {
            return rounded(low + random.nextDouble() * (high - low), low, high);
        }

        @Override
        public String toString() {
            return "uniform(" + text(low) + ", " + text(high) + ")";
        }
    }

    /** Any positive number between two, with a logarithm each as likely: {@code log_uniform(1e-5, 1e-3)}. */
    record LogUniform(double low, double high) implements Space {
        public LogUniform {
            if (low <= 0) {
                throw new ConfigException("log_uniform begins at " + text(low)
                        + ", which has no logarithm. Begin above 0, or write uniform.");
            }
            requireOrder("log_uniform", low, high, low < high);
        }

        @Override
        public Object draw(SplittableRandom random) {
            double log = Math.log(low) + random.nextDouble() * (Math.log(high) - Math.log(low));
            return rounded(Math.exp(log), low, high);
        }

        @Override
        public String toString() {
            return "log_uniform(" + text(low) + ", " + text(high) + ")";
        }
    }

    /** Any whole number from one to another, both included: {@code int(1, 4)}. */
    record IntRange(long low, long high) implements Space {
        public IntRange {
            requireOrder("int", low, high, low < high);
        }

        @Override
        public Object draw(SplittableRandom random) {
            return random.nextLong(low, high + 1);
        }

        @Override
        public String toString() {
            return "int(" + low + ", " + high + ")";
        }
    }

    /** One of some values, which have no order: {@code choice(8, 16, 32)}. They are as a recipe writes them. */
    record Choice(List<String> values) implements Space {
        public Choice {
            values = List.copyOf(values);
            if (values.size() < 2) {
                throw new ConfigException("A choice of " + values.size() + " has nothing to choose from. Give it two"
                        + " values at least, or set the key itself.");
            }
            if (new HashSet<>(values).size() < values.size()) {
                throw new ConfigException("A choice has the same value twice. Delete one of them.");
            }
        }

        @Override
        public Object draw(SplittableRandom random) {
            return values.get(random.nextInt(values.size()));
        }

        @Override
        public String toString() {
            return values.stream().collect(Collectors.joining(", ", "choice(", ")"));
        }
    }

    /** @throws ConfigException if {@code low} is not below {@code high} */
    static Space uniform(double low, double high) {
        return new Uniform(low, high);
    }

    /** @throws ConfigException if {@code low} is not above 0 and below {@code high} */
    static Space logUniform(double low, double high) {
        return new LogUniform(low, high);
    }

    /** @throws ConfigException if {@code low} is not below {@code high} */
    static Space integers(long low, long high) {
        return new IntRange(low, high);
    }

    /** @throws ConfigException if there are not two values at least */
    static Space choice(Object... values) {
        return new Choice(Arrays.stream(values).map(String::valueOf).toList());
    }

    /** A number as a suggestion: with few digits, and not beyond a bound for it. */
    static double rounded(double value, double low, double high) {
        double few = new BigDecimal(value).round(DIGITS).doubleValue();
        return Math.min(Math.max(few, low), high);
    }

    /** A value as a person would write it: {@code 3}, {@code 0.05}, {@code 1e-5}; the same value when it is read again. */
    static String text(Object value) {
        if (!(value instanceof Double number)) return String.valueOf(value);
        if (number == Math.rint(number) && Math.abs(number) < 1e15) return Long.toString(number.longValue());
        return Double.toString(number).replace(".0E", "E").replace('E', 'e');
    }

    private static void requireOrder(String form, double low, double high, boolean isRight) {
        if (isRight && Double.isFinite(low) && Double.isFinite(high)) return;
        throw new ConfigException(form + " goes from " + text(low) + " to " + text(high)
                + ", but has to go from a lower number to a higher one.");
    }
}
