package dev.attune.job.search;

import dev.attune.error.ConfigException;
import dev.attune.error.Suggestion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a space as people write it: {@code log_uniform(1e-5, 1e-3)}, {@code choice(8, 16, 32)}, or a list of choices. */
final class SpaceText {
    static final List<String> FORMS = List.of("uniform", "log_uniform", "int", "choice");
    private static final Pattern CALL = Pattern.compile("([A-Za-z_]+)\\s*\\((.*)\\)", Pattern.DOTALL);
    private static final Pattern INTEGER = Pattern.compile("[+-]?\\d{1,18}");
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?");

    private SpaceText() {}

    /**
     * @param written a text, or a list of texts to choose from
     * @throws ConfigException with the sentence for the user, without the key
     */
    static Space parse(Object written) {
        if (written instanceof List<?> list) {
            return new Space.Choice(list.stream().map(String::valueOf).toList());
        }
        String text = String.valueOf(written).trim();
        Matcher call = CALL.matcher(text);
        if (!call.matches()) {
            throw new ConfigException(
                    "\"" + text + "\" is one value, and no space to search. Write a list of values, or"
                            + " one of uniform(0, 0.1), log_uniform(1e-5, 1e-3), int(1, 4), choice(8, 16, 32).");
        }
        String form = call.group(1).toLowerCase(Locale.ROOT);
        List<String> arguments = arguments(call.group(2));
        return switch (form) {
            case "uniform" -> {
                double[] bounds = bounds(form, arguments);
                yield new Space.Uniform(bounds[0], bounds[1]);
            }
            case "log_uniform" -> {
                double[] bounds = bounds(form, arguments);
                yield new Space.LogUniform(bounds[0], bounds[1]);
            }
            case "int" -> {
                requireTwo(form, arguments);
                yield new Space.IntRange(integer(arguments.get(0)), integer(arguments.get(1)));
            }
            case "choice" -> new Space.Choice(arguments);
            default ->
                throw new ConfigException("There is no space \"" + call.group(1) + "\"."
                        + Suggestion.didYouMean(form, FORMS) + " There are " + String.join(", ", FORMS) + ".");
        };
    }

    private static List<String> arguments(String inside) {
        if (inside.isBlank()) return List.of();
        List<String> arguments = new ArrayList<>();
        for (String each : Arrays.asList(inside.split(",", -1))) {
            String value = each.trim();
            boolean isQuoted = value.length() >= 2
                    && (value.charAt(0) == '"' || value.charAt(0) == '\'')
                    && value.charAt(value.length() - 1) == value.charAt(0);
            arguments.add(isQuoted ? value.substring(1, value.length() - 1) : value);
        }
        if (arguments.contains("")) throw new ConfigException("One of the values between the parentheses is empty.");
        return arguments;
    }

    private static void requireTwo(String form, List<String> arguments) {
        if (arguments.size() == 2) return;
        throw new ConfigException(form + " takes two numbers, the lowest and the highest, but has " + arguments.size()
                + ", for instance " + (form.equals("int") ? "int(1, 4)." : form + "(1e-5, 1e-3)."));
    }

    private static double[] bounds(String form, List<String> arguments) {
        requireTwo(form, arguments);
        double[] bounds = new double[2];
        for (int i = 0; i < 2; i++) {
            String text = arguments.get(i);
            if (!NUMBER.matcher(text).matches()) throw new ConfigException("\"" + text + "\" is no number.");
            bounds[i] = Double.parseDouble(text);
        }
        return bounds;
    }

    private static long integer(String text) {
        if (!INTEGER.matcher(text).matches()) throw new ConfigException("\"" + text + "\" is no whole number.");
        return Long.parseLong(text);
    }
}
