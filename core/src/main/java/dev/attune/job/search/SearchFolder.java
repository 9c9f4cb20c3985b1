package dev.attune.job.search;

import dev.attune.checkpoint.WeightFiles;
import dev.attune.error.CheckpointException;
import dev.attune.error.ConfigException;
import dev.attune.io.AtomicFiles;
import dev.attune.io.FileTree;
import dev.attune.io.SmallFile;
import dev.attune.job.BuildInfo;
import dev.attune.job.Differences;
import dev.attune.train.Checkpoints;
import dev.attune.train.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The folder of a search, and the truth about it.
 *
 * <pre>
 * search.json      what is searched for, and how
 * trials.jsonl     a line for each trial: its values, and what became of it
 * trial-000/ …     the run of each trial, with its recipe.yaml
 * best.yaml        the recipe of the best trial
 * search.md, search.svg   a table and a picture of all trials
 * </pre>
 */
final class SearchFolder implements AutoCloseable {
    private static final String SEARCH = "search.json";
    private static final String TRIALS = "trials.jsonl";
    /** Keys of a recipe that decide nothing of what a trial gives. */
    private static final Set<String> FREE = Set.of(
            "output_dir",
            "run_name",
            "overwrite",
            "resume_from_checkpoint",
            "on_change",
            "data_cache",
            "use_cpu",
            "max_memory",
            "save_strategy",
            "save_steps",
            "save_total_limit",
            "report_to");

    private static final JsonMapper JSON = JsonMapper.shared();

    private final SearchPlan plan;
    private final RunFolder folder;
    private final Path directory;

    private SearchFolder(SearchPlan plan) {
        this.plan = plan;
        this.folder = RunFolder.open(plan.folder());
        this.directory = folder.directory();
    }

    /**
     * Takes the folder of a search: nobody else may search or train in it until it is closed.
     *
     * @throws ConfigException if something else is in it: a run, or another search that may not be replaced
     */
    static SearchFolder open(SearchPlan plan) {
        SearchFolder opened = new SearchFolder(plan);
        try {
            opened.begin();
            return opened;
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private void begin() {
        if (Files.exists(directory.resolve("run.json"))) {
            throw new ConfigException("output_dir " + directory
                    + " holds a run, and a search needs a folder of its own." + " Choose another folder (--output).");
        }
        if (!Files.exists(directory.resolve(SEARCH))) {
            if (!trialFolders().isEmpty()) throw mayNotReplace("has trials of a search that nobody knows");
        } else {
            List<String> changes = changes();
            if (changes.isEmpty()) return;
            if (!plan.recipe().job().overwrite() && hasWork())
                throw mayNotReplace("holds another search (" + String.join(", ", changes) + ")");
            clear();
        }
    }

    /** A search that ended at a mistake in its first trial has nothing to lose. */
    private boolean hasWork() {
        List<Trial> trials = trials();
        return trials.size() > 1
                || trials.stream()
                        .anyMatch(trial -> trial.state() != Trial.State.RUNNING
                                || new TrialRun(of(trial), plan.metric().name()).step() > 0);
    }

    private ConfigException mayNotReplace(String what) {
        return new ConfigException("output_dir " + directory + " " + what
                + ". Choose another folder, or set overwrite: true (--overwrite).");
    }

    /** What the search in the folder has other than this one, which then is another search. */
    private List<String> changes() {
        JsonNode before;
        try {
            before =
                    JSON.readTree(SmallFile.text(directory.resolve(SEARCH), 16)).path("decides");
        } catch (IOException | JacksonException e) {
            throw new CheckpointException(
                    directory.resolve(SEARCH) + " cannot be read (" + e.getMessage()
                            + "), so nobody knows what search it is of. Remove the folder to begin anew.",
                    e);
        }
        JsonNode now = JSON.valueToTree(decides());
        Differences changes = new Differences();
        for (String part : List.of("recipe", "settings", "space")) changes.addAll(before.path(part), now.path(part));
        return changes.found();
    }

    /** What decides which values a trial tries, and what becomes of it. */
    private Map<String, Object> decides() {
        Map<String, @Nullable Object> settings =
                new LinkedHashMap<>(SearchArguments.schema().values(plan.arguments()));
        settings.keySet().removeAll(Set.of("trials", "max_hours", "keep"));
        Map<String, String> space = new LinkedHashMap<>();
        plan.space().forEach((key, values) -> space.put(key, values.toString()));
        Map<String, @Nullable Object> recipe = new LinkedHashMap<>(plan.recipe().toMap());
        recipe.keySet().removeAll(FREE);
        recipe.keySet().removeAll(space.keySet());
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("settings", settings);
        all.put("space", space);
        all.put("recipe", recipe);
        return all;
    }

    /** Writes what is searched for, and what was found so far. */
    void describe(SearchResult result) {
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put("attune", BuildInfo.here().toString());
        content.put("metric", plan.metric().name());
        content.put("greater_is_better", plan.metric().greaterIsBetter());
        content.put("trials", plan.arguments().trials());
        content.put("max_hours", plan.arguments().maxHours());
        content.put("best", result.best().map(TrialLines::map).orElse(null));
        content.put("decides", decides());
        folder.json(SEARCH, content);
    }

    /** The trials that are written down; the last one may be running still. */
    List<Trial> trials() {
        Path file = directory.resolve(TRIALS);
        if (!Files.exists(file)) return List.of();
        try {
            return TrialLines.read(file.toString(), SmallFile.text(file, 256));
        } catch (IOException e) {
            throw new CheckpointException(file + " cannot be read (" + e.getMessage() + ").", e);
        }
    }

    void write(List<Trial> trials) {
        folder.text(TRIALS, TrialLines.write(trials));
    }

    void text(String name, String content) {
        folder.text(name, content);
    }

    void remove(String name) {
        try {
            Files.deleteIfExists(directory.resolve(name));
        } catch (IOException e) {
            throw cannotRemove(directory.resolve(name), e);
        }
    }

    Path of(Trial trial) {
        return directory.resolve(trial.folder());
    }

    /** Writes the recipe of a trial into its folder. */
    void recipe(Trial trial, String yaml) {
        AtomicFiles.writeString(of(trial).resolve("recipe.yaml"), yaml);
    }

    /** Makes an empty place for a trial whose run cannot be gone on with. */
    void clear(Trial trial) {
        delete(of(trial));
    }

    /** Removes the checkpoints of a trial that has ended, and its weights if they are not wanted. */
    void shrink(Trial trial, boolean keepsWeights) {
        Path run = of(trial);
        try {
            new Checkpoints(run).clear();
            if (keepsWeights) return;
            for (Path weights : WeightFiles.saved(run)) Files.deleteIfExists(weights);
        } catch (IOException e) {
            throw cannotRemove(run, e);
        }
    }

    private void clear() {
        remove(TRIALS); // first: without it there is no trial that anybody would believe
        trialFolders().forEach(SearchFolder::delete);
        for (String name : List.of(SearchReport.BEST, SearchReport.PAGE, SearchReport.PICTURE, SEARCH)) remove(name);
    }

    private List<Path> trialFolders() {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(path -> path.getFileName().toString().matches("trial-\\d{3,}"))
                    .toList();
        } catch (IOException e) {
            throw new ConfigException(
                    "output_dir " + directory + " cannot be listed (" + e + "). Check its rights.", e);
        }
    }

    private static void delete(Path tree) {
        try {
            FileTree.delete(tree);
        } catch (IOException e) {
            throw cannotRemove(tree, e);
        }
    }

    private static ConfigException cannotRemove(Path what, IOException e) {
        return new ConfigException(what + " cannot be removed (" + e + "). Check its rights.", e);
    }

    @Override
    public void close() {
        folder.close();
    }
}
