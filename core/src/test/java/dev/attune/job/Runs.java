package dev.attune.job;

import dev.attune.model.TinyModel;
import dev.attune.train.TrainingArguments;
import dev.attune.train.TrainingArgumentsBuilder;
import dev.attune.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Data and recipes for whole runs on a tiny model, in one folder of a test. */
final class Runs {
    final Path folder;
    final Path model;

    Runs(Path folder) {
        this(folder, 0.1);
    }

    Runs(Path folder, double dropout) {
        this.folder = folder;
        this.model = TinyModel.make(folder.resolve("model"), dropout);
    }

    /** Writes a file of lines and returns its path as a recipe names it. */
    String file(String name, String... lines) {
        return file(name, List.of(lines));
    }

    String file(String name, List<String> lines) {
        try {
            return Files.write(folder.resolve(name), lines).toString();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Texts of changing length about films, which the words good and bad decide. */
    String sentiment(String name, int rows) {
        return sentimentOf(name, rows, "positive", "negative");
    }

    /** The same with other labels. */
    String sentimentOf(String name, int rows, String positive, String negative) {
        List<String> lines = new ArrayList<>(List.of("text,label"));
        for (int i = 0; i < rows; i++) {
            boolean good = i % 2 == 0;
            String word = List.of(good ? "good" : "bad", good ? "great" : "awful", good ? "nice" : "poor")
                    .get(i / 2 % 3);
            lines.add("the film was " + "very ".repeat(i % 5) + word + (i % 3 == 0 ? " and the food was not" : "") + ","
                    + (good ? positive : negative));
        }
        return file(name, lines);
    }

    /** A file of 28 rows for a task. */
    String rows(String task) {
        List<String> lines = new ArrayList<>();
        switch (task) {
            case "text-classification" -> {
                return sentiment("classes.csv", 28);
            }
            case "fill-mask" -> {
                lines.add("text");
                for (int i = 0; i < 28; i++)
                    lines.add("the film was " + "very ".repeat(i % 5) + "good and the food was not");
                return file("texts.csv", lines);
            }
            case "token-classification" -> {
                for (int i = 0; i < 28; i++) {
                    lines.addAll(
                            List.of("the O", "film B-FILM", "was O", "very O", i % 2 == 0 ? "good O" : "bad O", ""));
                }
                return file("tags.conll", lines);
            }
            default -> {
                for (int i = 0; i < 28; i++) {
                    String food = i % 2 == 0 ? "good" : "bad";
                    lines.add(
                            "{\"question\":\"was the food good\",\"context\":\"the film was very nice and the food was "
                                    + food + "\",\"answers\":{\"text\":[\"" + food + "\"],\"answer_start\":[40]}}");
                }
                return file("questions.jsonl", lines);
            }
        }
    }

    Path output(String name) {
        return folder.resolve("runs").resolve(name);
    }

    /** One epoch in batches of 8, every step logged. */
    static UnaryOperator<TrainingArgumentsBuilder> quick(UnaryOperator<TrainingArgumentsBuilder> change) {
        return builder -> change.apply(builder.numTrainEpochs(1)
                .perDeviceTrainBatchSize(8)
                .learningRate(5e-3)
                .loggingSteps(1)
                .seed(42));
    }

    Recipe.Builder recipe(String output, UnaryOperator<TrainingArgumentsBuilder> change) {
        TrainingArguments args = quick(change)
                .apply(TrainingArguments.builder().outputDir(output(output)))
                .build();
        return Recipe.builder().model(model.toString()).training(args);
    }

    Recipe.Builder recipe(String output) {
        return recipe(output, builder -> builder);
    }

    /** A listener that keeps the notes of a run. */
    static TrainingListener notesInto(List<String> notes) {
        return new TrainingListener() {
            @Override
            public void onMessage(String text) {
                notes.add(text);
            }
        };
    }
}
