package dev.attune.job;

import dev.attune.adapt.ModelFolder;
import dev.attune.error.CheckpointException;
import dev.attune.error.ConfigException;
import dev.attune.hub.Hub;
import dev.attune.model.Architectures;
import dev.attune.model.Head;
import dev.attune.model.LoadedModel;
import dev.attune.model.ModelConfig;
import dev.attune.model.Models;
import dev.attune.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is converted.
 *
 * @param loaded owned by this
 * @param tokenizer owned by this; null if there is none that Attune reads
 * @param copied files that are taken over as they are
 * @param notes what the user should know, one sentence each
 */
record ConversionSource(LoadedModel loaded, @Nullable Tokenizer tokenizer, List<Path> copied, List<String> notes)
        implements AutoCloseable {
    /** Names of files that Attune does not read, and that belong to a model or its tokenizer. */
    static final List<String> COPIED = List.of("chat_template.jinja");

    /** Most names in a sentence. */
    private static final int SHOWN = 4;

    static ConversionSource open(String source, @Nullable Path tokenizer) {
        Path file = file(source);
        if (file != null) return llama2c(file, tokenizer == null ? vocabularyBeside(file) : tokenizer);
        if (tokenizer != null) {
            throw new ConfigException("--tokenizer is the vocabulary of a checkpoint of llama2.c, which is a file; "
                    + source + " is none. Leave it out: the tokenizer is in the folder of the model.");
        }
        return folder(ModelFolder.of(Hub.resolve(source).directory()));
    }

    private static @Nullable Path file(String source) {
        try {
            Path path = Path.of(source);
            return source.endsWith(".bin") && !Files.isDirectory(path) ? path : null;
        } catch (InvalidPathException e) {
            return null; // the hub will say so
        }
    }

    /** The vocabulary that lies beside a checkpoint. */
    private static Path vocabularyBeside(Path checkpoint) {
        Path folder = checkpoint.toAbsolutePath().getParent();
        List<Path> found = new ArrayList<>();
        if (folder != null && Files.isRegularFile(checkpoint)) {
            try (Stream<Path> files = Files.list(folder)) {
                files.filter(file -> file.getFileName().toString().matches("tok.*\\.bin")
                                && !file.getFileName().equals(checkpoint.getFileName()))
                        .sorted()
                        .forEach(found::add);
            } catch (IOException e) {
                throw new ConfigException("Cannot list " + folder + " (" + e + "). Check its rights.", e);
            }
            if (found.size() != 1) {
                throw new ConfigException("Beside " + checkpoint + " there "
                        + (found.isEmpty()
                                ? "is no vocabulary, tok*.bin"
                                : "are " + found.size() + " vocabularies (" + names(found) + ")")
                        + ". Say which file it is: --tokenizer FILE.");
            }
            return found.get(0);
        }
        throw new CheckpointException("There is no file " + checkpoint + ". Check the path.");
    }

    private static String names(List<Path> files) {
        return String.join(
                ", ", files.stream().map(file -> file.getFileName().toString()).toList());
    }

    private static ConversionSource llama2c(Path file, Path vocabulary) {
        LoadedModel loaded = Models.llama2c(file);
        try {
            ModelConfig config = loaded.model().config();
            Tokenizer tokenizer = Tokenizer.ofLlama2c(vocabulary, config.maxLength(Integer.MAX_VALUE));
            int words = config.integer("vocab_size", 0);
            if (tokenizer.vocabularySize() == words) {
                return new ConversionSource(loaded, tokenizer, List.of(), loaded.notes());
            }
            int tokens = tokenizer.vocabularySize();
            tokenizer.close();
            throw new CheckpointException(
                    vocabulary + " has " + tokens + " tokens, but the model in " + file + " has " + words
                            + ": they do not belong together. Take the vocabulary that the model was trained with"
                            + " (--tokenizer FILE).");
        } catch (RuntimeException e) {
            loaded.model().close();
            throw e;
        }
    }

    private static ConversionSource folder(ModelFolder folder) {
        List<String> notes = new ArrayList<>();
        LoadedModel loaded = load(folder, notes);
        try {
            notes.addAll(loaded.model().config().notes());
            if (!loaded.leftOut().isEmpty()) {
                notes.add("In the files, but not in a " + loaded.model().architecture() + ", so left out: "
                        + shown(loaded.leftOut()) + ".");
            }
            List<Path> copied = new ArrayList<>();
            for (String name : COPIED) {
                Path file = folder.file(name);
                if (file != null) copied.add(file);
            }
            Tokenizer tokenizer = folder.hasTokenizer() ? folder.tokenizer() : null;
            if (tokenizer == null) notes.add("There is no tokenizer that Attune reads, so none was written.");
            else requireFits(loaded, tokenizer);
            return new ConversionSource(loaded, tokenizer, copied, notes);
        } catch (RuntimeException e) {
            loaded.model().close();
            throw e;
        }
    }

    private static void requireFits(LoadedModel loaded, Tokenizer tokenizer) {
        try {
            loaded.requireFits(tokenizer);
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    /** With the head that config.json names, if the files have it; else without. */
    private static LoadedModel load(ModelFolder folder, List<String> notes) {
        ModelConfig config = folder.config();
        List<String> named = config.architectures();
        String architecture = named.isEmpty() ? null : named.get(0);
        Head head = architecture == null ? null : Architectures.head(architecture);
        if (head == null && architecture != null) {
            notes.add("Attune has no head like that of " + architecture + ", so the model was converted without it."
                    + Architectures.didYouMean(architecture));
        } else if (head != null && !Models.heads(config).contains(head)) {
            notes.add("Attune has no head for "
                    + head.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " on models of this"
                    + " family, so the model was converted without it.");
        } else if (head != null && head != Head.BACKBONE) {
            boolean labels = head == Head.SEQUENCE_CLASSIFICATION || head == Head.TOKEN_CLASSIFICATION;
            // Labels without names are those that the reference takes for granted.
            LoadedModel whole = folder.load(head, labels ? ModelConfig::withDefaultLabels : UnaryOperator.identity());
            if (whole.untrained().isEmpty()) return whole;
            whole.model().close();
            notes.add("The head of " + architecture + " is not in the files (" + shown(whole.untrained())
                    + "), so the model was converted without it.");
        }
        UnaryOperator<ModelConfig> bare = found -> architecture == null
                ? found
                : found.with("architectures", List.of(Architectures.backbone(architecture)));
        LoadedModel pooled = folder.load(Head.BACKBONE, bare);
        if (pooled.untrained().isEmpty()) return pooled;
        pooled.model().close();
        notes.add(
                "The pooler is not in the files, so the model was converted without it; transformers makes a random one unless"
                        + " it is told add_pooling_layer=False.");
        return folder.load(Head.HIDDEN_STATES, bare);
    }

    private static String shown(List<String> names) {
        String more = names.size() > SHOWN ? " and " + (names.size() - SHOWN) + " more" : "";
        return String.join(", ", names.subList(0, Math.min(SHOWN, names.size()))) + more;
    }

    void write(Path folder) throws IOException {
        loaded.model().save(folder);
        if (tokenizer != null) tokenizer.save(folder);
        for (Path file : copied) {
            Path target = folder.resolve(file.getFileName().toString());
            if (!Files.exists(target)) Files.write(target, Files.readAllBytes(file));
        }
    }

    @Override
    public void close() {
        loaded.model().close();
        if (tokenizer != null) tokenizer.close();
    }
}
