package dev.attune.config;

import dev.attune.error.Suggestion;
import java.lang.reflect.RecordComponent;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One key of an {@link ArgumentSchema}: its names, its meaning, and how a text becomes its value. */
public final class ArgumentKey {
    private static final Pattern INTEGER = Pattern.compile("[+-]?\\d+");
    // Stricter than Double.parseDouble, which also takes "1f", "0x1p3" and "NaN".
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?");

    /** One that separates entries, and not numbers in brackets: {@code layer[0,2], pooler}. */
    private static final Pattern COMMA = Pattern.compile(",(?![-+\\d:,\\s]*])");

    private final String name;
    private final Class<?> type;
    private final Argument argument;
    private final String group;
    private final ArgumentRange range;
    private final Map<String, String> aliases = new TreeMap<>();

    ArgumentKey(String name, Class<?> type, Argument argument, String group) {
        this.group = group;
        this.name = name;
        this.type = type;
        this.argument = argument;
        this.range = argument.range().isEmpty() ? ArgumentRange.FINITE : ArgumentRange.parse(argument.range());
        for (String alias : argument.aliases()) {
            int at = alias.indexOf('=');
            aliases.put(alias.substring(0, at), alias.substring(at + 1));
        }
    }

    /** The key of a component: {@code learning_rate} for {@code learningRate}, or the one it was given. */
    static String name(RecordComponent component) {
        Argument argument = component.getAnnotation(Argument.class);
        if (argument != null && !argument.name().isEmpty()) return argument.name();
        return component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    /** Whether the other one says the same of the same name. */
    boolean meansTheSame(ArgumentKey other) {
        return name.equals(other.name)
                && type == other.type
                && group.equals(other.group)
                && argument.equals(other.argument);
    }

    /** The YAML key, in snake_case. */
    public String name() {
        return name;
    }

    /** The flag, in kebab-case: {@code --learning-rate}. */
    public String flag() {
        return "--" + name.replace('_', '-');
    }

    /** All flags of the key; the first is the one to show first. */
    public List<String> flags() {
        return Stream.concat(Arrays.stream(argument.flags()), Stream.of(flag())).toList();
    }

    /** What the key does. */
    public String doc() {
        return argument.doc();
    }

    /** The first sentence of {@link #doc()}, without its full stop. */
    public String summary() {
        int end = doc().indexOf(". ");
        String first = end < 0 ? doc() : doc().substring(0, end);
        return first.endsWith(".") ? first.substring(0, first.length() - 1) : first;
    }

    /** The heading under which the key belongs. */
    public String group() {
        return group;
    }

    /** The default as written in YAML, or the empty string. */
    public String initial() {
        return argument.initial();
    }

    /** A good value as written in YAML. */
    public String example() {
        if (!argument.example().isEmpty()) return argument.example();
        return initial().isEmpty() && !choices().isEmpty() ? choices().get(0) : initial();
    }

    /** Whether a training job needs the key. */
    public boolean required() {
        return argument.required();
    }

    /** Whether a trained model has the value in it, so that no later command takes the key. */
    public boolean trainingOnly() {
        return argument.trainingOnly();
    }

    /** Whether the flag belongs on the first help screen. */
    public boolean common() {
        return argument.common();
    }

    public boolean path() {
        return argument.path();
    }

    /** Whether YAML may have a list there, or any names as keys below it. */
    boolean isOpen() {
        return argument.open();
    }

    ArgumentRange range() {
        return range;
    }

    /** True for a switch: its flag may stand without a value. */
    public boolean isBoolean() {
        return type == boolean.class || type == Boolean.class; // null where nobody said so
    }

    /** The value of its flag where that stands alone; empty where a value has to follow. */
    public String alone() {
        return isBoolean() ? "true" : argument.alone();
    }

    public boolean isInteger() {
        return type == int.class || type == long.class || type == Integer.class || type == Long.class;
    }

    boolean isNumber() {
        return isInteger() || type == double.class || type == Double.class;
    }

    /** Whether its values are lists of texts. */
    public boolean isList() {
        return type == List.class;
    }

    /** The valid texts, or an empty list if there is no such list. */
    public List<String> choices() {
        if (!type.isEnum()) return List.of();
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> text((Enum<?>) constant))
                .toList();
    }

    private boolean isLater(String text) {
        return List.of(argument.later()).contains(text.toLowerCase(Locale.ROOT));
    }

    /** The text of an enum's constant: its name in lower case, as Hugging Face writes it. */
    static String text(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** What a value looks like: {@code "a whole number, at least 1"}. */
    public String kind() {
        if (isBoolean()) return "true or false";
        if (!choices().isEmpty()) return "one of " + String.join(", ", choices());
        if (isList()) return "a list of texts";
        if (isOpen()) return "a text, a list, or values by name";
        if (!isNumber()) return type == Path.class ? "a path" : "a text";
        String words = range.words();
        String kind = isInteger() ? "a whole number" : "a number";
        return words.isEmpty() ? kind : kind + (words.startsWith("from ") ? " " : ", ") + words;
    }

    /** The value when the key is not given. */
    @Nullable
    Object defaultValue() {
        if (isList()) return initial().isEmpty() ? List.of() : parse(initial());
        return initial().isEmpty() ? null : parse(initial());
    }

    /**
     * The value that a text stands for.
     *
     * @throws IllegalArgumentException with the sentence for the user, if the text is not a value of this key
     */
    public Object parse(String text) {
        String trimmed = text.trim();
        if (trimmed.isEmpty()) throw wrong("is empty");
        if (isBoolean()) {
            return switch (trimmed.toLowerCase(Locale.ROOT)) {
                case "true", "yes" -> true;
                case "false", "no" -> false;
                default -> throw wrong("is \"" + text + "\"");
            };
        }
        if (isInteger()) return integer(trimmed);
        if (isNumber()) {
            if (!NUMBER.matcher(trimmed).matches()) throw wrong("is \"" + text + "\"");
            return check(Double.parseDouble(trimmed));
        }
        if (isList())
            return check(Arrays.stream(COMMA.split(text)).map(String::trim).toList());
        if (!choices().isEmpty()) return choice(trimmed);
        try {
            return type == Path.class ? (Object) Path.of(trimmed) : trimmed;
        } catch (InvalidPathException e) {
            throw wrong("is \"" + text + "\"");
        }
    }

    private Object integer(String text) {
        boolean wide = type == long.class || type == Long.class;
        try {
            if (!INTEGER.matcher(text).matches()) throw wrong("is \"" + text + "\"");
            long value = Long.parseLong(text);
            if (wide) return check(value);
            if (value != (int) value) throw wrong("is " + text);
            return check((int) value);
        } catch (NumberFormatException tooLong) {
            throw wrong("is " + text);
        }
    }

    private Object choice(String text) {
        String folded = text.toLowerCase(Locale.ROOT);
        String wanted = choices().contains(text) ? text : aliases.getOrDefault(folded, folded);
        int index = choices().indexOf(wanted);
        if (index >= 0) return type.getEnumConstants()[index];
        if (isLater(folded)) {
            throw new IllegalArgumentException(name + " is \"" + text
                    + "\", which this version does not support yet; it" + " must be " + kind() + ".");
        }
        throw new IllegalArgumentException(
                name + " is \"" + text + "\", but must be " + kind() + "." + Suggestion.didYouMean(text, choices()));
    }

    /**
     * The value as it is kept, if it is in range.
     *
     * @throws IllegalArgumentException with the sentence for the user, if it is not
     */
    Object check(Object value) {
        if (value instanceof Number number) {
            double n = number.doubleValue();
            if (!range.contains(n)) throw wrong("is " + value);
            if (argument.wholeFromOne() && n >= 1 && n != Math.rint(n)) {
                throw new IllegalArgumentException(name + " is " + value + ", but must be a whole number of steps, or a"
                        + " share of all steps below 1, for instance 0.1.");
            }
        }
        if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                String entry = list.get(i).toString();
                if (argument.whiteSpace() ? entry.isEmpty() : entry.isBlank()) {
                    throw new IllegalArgumentException(name + " has an empty entry at position " + (i + 1) + ".");
                }
                if (list.indexOf(list.get(i)) < i) {
                    throw new IllegalArgumentException(name + " names \"" + list.get(i) + "\" twice.");
                }
            }
        }
        return value;
    }

    private IllegalArgumentException wrong(String is) {
        String example =
                example().isEmpty() || isBoolean() || !choices().isEmpty() ? "" : ", for instance " + example();
        return new IllegalArgumentException(name + " " + is + ", but must be " + kind() + example + ".");
    }
}
