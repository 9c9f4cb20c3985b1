package dev.attune.cli;

import dev.attune.config.ArgumentKey;
import dev.attune.config.ArgumentSchema;
import dev.attune.job.Recipe;
import dev.attune.job.RecipeReader;
import dev.attune.job.TrainedOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The keys of a recipe as flags. Values stay texts: the recipe reader converts and checks them all at once. */
final class RecipeFlags {
    private static final Pattern NAME = Pattern.compile("--[a-z0-9]+([_-][a-z0-9]+)*");
    private static final Set<String> BOOLEANS = Set.of("true", "false", "yes", "no");

    private RecipeFlags() {}

    /**
     * Adds a flag for every key.
     *
     * @param minor keys that the first page of help leaves out, though others show them
     */
    static void addAll(CommandSpec command, String... minor) {
        for (ArgumentKey key : Recipe.schema().keys()) {
            command.addOption(option(key, !key.common() || List.of(minor).contains(key.name())));
        }
    }

    /** Adds flags for some keys. */
    static void add(CommandSpec command, ArgumentSchema schema) {
        for (ArgumentKey key : schema.keys()) {
            // A flag of the command itself, such as --text-pair, stands for the key.
            if (command.findOption(key.flag()) == null) command.addOption(option(key, !key.common()));
        }
    }

    /** Hands the flags that were given to a reader. */
    static void read(ParseResult parsed, RecipeReader reader) {
        ArgumentSchema schema = Recipe.schema();
        for (OptionSpec option : parsed.matchedOptions()) {
            if (schema.find(option.longestName()).isEmpty()) continue;
            Object value = option.getValue();
            if (value != null) reader.flag(option.longestName(), value.toString());
        }
    }

    /** All flags of a command under the headings of the schema, for {@code --help-all}. */
    static String helpAll(CommandSpec command, String synopsis, ArgumentSchema schema) {
        StringBuilder help = new StringBuilder("Usage: " + command.qualifiedName() + " " + synopsis + "\n");
        schema.groups().forEach((group, keys) -> {
            // A specification of its own: one flag may mean something else in another group.
            CommandSpec section = CommandSpec.create();
            section.usageMessage().sortOptions(false);
            keys.forEach(key -> section.addOption(option(key, false)));
            CommandLine line = new CommandLine(section).setUsageHelpAutoWidth(true);
            help.append('\n').append(group).append('\n').append(line.getHelp().optionList());
        });
        return help.toString();
    }

    private static OptionSpec option(ArgumentKey key, boolean hidden) {
        String fallback = key.initial().isEmpty() || key.isBoolean() ? "" : ", default " + key.initial();
        OptionSpec.Builder option = OptionSpec.builder(key.flags().toArray(String[]::new))
                .type(String.class)
                .arity("1")
                .paramLabel(label(key))
                .hidden(hidden)
                // Descriptions are format strings.
                .description((key.summary() + fallback + ".").replace("%", "%%"));
        return option.build();
    }

    private static String label(ArgumentKey key) {
        if (key.isBoolean()) return "BOOL";
        if (key.name().equals("output_dir")) return "DIR";
        return List.of("train", "validation", "test").contains(key.name()) ? "FILE|SQL" : "VALUE";
    }

    /**
     * The arguments as the parser wants them. Two habits from Hugging Face's scripts are accepted: {@code --learning_rate}
     * for {@code --learning-rate}, and {@code --bf16} alone for {@code --bf16 true}. It is alone if a text or a recipe
     * follows; any other word is its value, and a wrong one. {@code --resume-from-checkpoint} alone is {@code auto}.
     */
    static String[] normalise(String... args) {
        List<String> result = new ArrayList<>();
        boolean texts = Arrays.stream(args)
                .filter(arg -> !arg.startsWith("-"))
                .findFirst()
                .filter("predict"::equals)
                .isPresent();
        Map<String, ArgumentKey> switches = switches();
        boolean flags = true;
        for (int i = 0; i < args.length; i++) {
            flags &= !args[i].equals("--");
            String[] parts = args[i].split("=", 2);
            if (!flags || !NAME.matcher(parts[0]).matches()) {
                result.add(args[i]);
                continue;
            }
            String flag = parts[0].replace('_', '-');
            if (parts.length == 2) {
                result.add(flag + "=" + parts[1]);
            } else if (!switches.containsKey(flag)) {
                result.add(flag);
            } else if (i + 1 < args.length && isValue(switches.get(flag), args[i + 1], texts)) {
                result.add(flag + "=" + args[++i]);
            } else {
                result.add(flag + "=" + switches.get(flag).alone());
            }
        }
        return result.toArray(String[]::new);
    }

    private static boolean isValue(ArgumentKey key, String word, boolean texts) {
        if (key.path()) return !word.startsWith("-") && RecipeFiles.find(word).isEmpty();
        if (BOOLEANS.contains(word.toLowerCase(Locale.ROOT))) return true;
        return !texts && !word.startsWith("-") && !RecipeFiles.isMeant(word);
    }

    /** The keys whose flags may stand alone. */
    private static Map<String, ArgumentKey> switches() {
        Map<String, ArgumentKey> switches = new HashMap<>();
        Stream.concat(Recipe.schema().keys().stream(), TrainedOptions.keys(true).keys().stream())
                .filter(key -> !key.alone().isEmpty())
                .forEach(key -> key.flags().forEach(flag -> switches.put(flag, key)));
        return switches;
    }
}
