package dev.attune.generate;

import dev.attune.tensor.Losses;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Greedy search and sampling: one token after the other, never taken back. */
final class TokenLoop {
    /** One text on its way. */
    private static final class Text {
        final int prompt;
        final History history;
        final Draws draws;
        /** Where its scores stand in the last answer of the model. */
        int row;

        double logProbability;

        @Nullable
        FinishReason reason;

        Text(int prompt, History history, Draws draws) {
            this.prompt = prompt;
            this.row = prompt;
            this.history = history;
            this.draws = draws;
        }
    }

    private final GenerationConfig config;
    private final List<ScoreProcessor> processors;
    private final Stopping stopping;

    TokenLoop(GenerationConfig config, List<ScoreProcessor> processors, Stopping stopping) {
        this.config = config;
        this.processors = processors;
        this.stopping = stopping;
    }

    /** @param draws one for each text, those of a prompt together */
    List<List<Generated>> run(Continuation model, List<History> begun, List<Draws> draws, TokenListener listener) {
        int each = config.numReturnSequences();
        List<Text> texts = new ArrayList<>();
        for (int i = 0; i < draws.size(); i++) {
            History start = begun.get(i / each);
            texts.add(new Text(i / each, each == 1 ? start : start.copy(), draws.get(i)));
        }
        List<Text> running = List.copyOf(texts);
        while (!running.isEmpty()) {
            try (Scope step = Scope.open()) {
                choose(running, scores(model, running));
            }
            List<Text> left = new ArrayList<>();
            for (Text text : running) {
                text.reason = stopping.reason(text.history);
                if (text == texts.get(text.prompt * each)) listener.chosen(text.prompt, text.history.last());
                if (text.reason == null) left.add(text);
            }
            running = left;
        }
        List<List<Generated>> answer = new ArrayList<>();
        for (int from = 0; from < texts.size(); from += each) {
            answer.add(texts.subList(from, from + each).stream()
                    .map(this::finished)
                    .toList());
        }
        return answer;
    }

    private static Tensor scores(Continuation model, List<Text> running) {
        Text any = running.get(0);
        if (any.history.length() == any.history.start()) return model.first();
        int[] parents = running.stream().mapToInt(text -> text.row).toArray();
        int[] tokens = running.stream().mapToInt(text -> text.history.last()).toArray();
        Tensor scores = model.next(parents, tokens);
        for (int i = 0; i < running.size(); i++) running.get(i).row = i;
        return scores;
    }

    private void choose(List<Text> running, Tensor scores) {
        if (config.doSample()) draw(running, scores);
        else takeLikeliest(running, scores);
    }

    /** Here texts and rows of scores are one to one: more sequences of a prompt would be the same. */
    private void takeLikeliest(List<Text> running, Tensor scores) {
        Tensor processed = processors.isEmpty() ? scores : processed(running, scores);
        Tensor likeliest = processed.argmax();
        long[] tokens = likeliest.toLongs();
        float[] costs = Losses.crossEntropies(processed, likeliest, 0).toFloats();
        for (int i = 0; i < tokens.length; i++) {
            Text text = running.get(i);
            if (Float.isNaN(costs[i])) {
                float[] row = processed.narrow(0, i, 1).toFloats();
                throw Generator.nothingToChoose(row, text.history);
            }
            text.history.add((int) tokens[i]);
            text.logProbability -= costs[i];
        }
    }

    private Tensor processed(List<Text> running, Tensor scores) {
        float[] all = scores.toFloats();
        int vocabulary = all.length / running.size();
        for (int i = 0; i < running.size(); i++) {
            float[] row = Arrays.copyOfRange(all, i * vocabulary, (i + 1) * vocabulary);
            process(running.get(i).history, row);
            System.arraycopy(row, 0, all, i * vocabulary, vocabulary);
        }
        return Tensor.ofFloats(all, running.size(), vocabulary);
    }

    private void draw(List<Text> running, Tensor scores) {
        float[] all = scores.toFloats();
        int vocabulary = (int) scores.size(1);
        for (Text text : running) {
            float[] row = Arrays.copyOfRange(all, text.row * vocabulary, (text.row + 1) * vocabulary);
            process(text.history, row);
            int token = text.draws.token(row);
            if (token < 0) throw Generator.nothingToChoose(row, text.history);
            text.history.add(token);
            text.logProbability += row[token] - Probabilities.logSum(row);
        }
    }

    private void process(History history, float[] row) {
        for (ScoreProcessor processor : processors) processor.process(history, row);
    }

    private Generated finished(Text text) {
        int[] ids = text.history.generated();
        FinishReason reason = text.reason == null ? FinishReason.LENGTH : text.reason;
        return new Generated(ids, text.logProbability / Math.pow(ids.length, config.lengthPenalty()), reason);
    }
}
