package dev.attune.generate;

import dev.attune.error.ConfigException;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Beam search and beam sampling over some prompts. A prompt whose beams are done leaves the batch. */
final class BeamSearch {
    private final GenerationConfig config;
    private final List<ScoreProcessor> processors;
    private final Stopping stopping;
    private final int beams;
    /** Enough that as many go on as there are beams, even if each takes every token that ends a text. */
    private final int wanted;

    BeamSearch(GenerationConfig config, List<ScoreProcessor> processors, Stopping stopping) {
        this.config = config;
        this.processors = processors;
        this.stopping = stopping;
        this.beams = config.numBeams();
        this.wanted = Math.max(2, 1 + config.eos().length) * beams;
    }

    /** One prompt on its way. */
    private static final class Search {
        final int prompt;
        final Beams beams;
        final Draws draws;
        /** Where its rows begin in the last answer of the model. */
        int row;

        Search(int prompt, Beams beams, Draws draws) {
            this.prompt = prompt;
            this.beams = beams;
            this.draws = draws;
        }
    }

    /** @param draws one for each text that is wanted, those of a prompt together */
    List<List<Generated>> run(Continuation model, List<History> begun, List<Draws> draws, TokenListener listener) {
        int vocabulary = model.vocabulary();
        long candidates = (long) beams * vocabulary;
        if (candidates > Integer.MAX_VALUE - 8 || wanted > candidates) {
            throw new ConfigException("num_beams is " + beams + ", which asks for " + wanted + " candidates out of "
                    + candidates + ". Lower num_beams.");
        }
        List<Search> all = new ArrayList<>();
        for (int i = 0; i < begun.size(); i++) {
            Draws its = draws.get(i * config.numReturnSequences());
            all.add(new Search(i, new Beams(config, stopping, begun.get(i)), its));
        }
        List<Search> running = List.copyOf(all);
        int rowsEach = 0; // none before the first answer, which has one row for a prompt
        while (!running.isEmpty()) {
            try (Scope step = Scope.open()) {
                Tensor scores = rowsEach == 0 ? model.first() : next(model, running, rowsEach);
                rowsEach = rowsEach == 0 ? 1 : beams;
                step(running, rowsEach, scores.logSoftmax().toFloats(), vocabulary);
            }
            running = running.stream().filter(search -> !search.beams.isDone()).toList();
        }
        List<List<Generated>> answers =
                all.stream().map(search -> search.beams.answer()).toList();
        for (Search search : all) {
            for (int token : answers.get(search.prompt).get(0).ids()) listener.chosen(search.prompt, token);
        }
        return answers;
    }

    private Tensor next(Continuation model, List<Search> running, int rowsEach) {
        int[] parents = new int[running.size() * beams];
        int[] tokens = new int[parents.length];
        int at = 0;
        for (Search search : running) {
            for (int beam = 0; beam < beams; beam++) {
                parents[at] = search.row + (rowsEach == 1 ? 0 : search.beams.parent(beam));
                tokens[at++] = search.beams.history(beam).last();
            }
        }
        return model.next(parents, tokens);
    }

    private void step(List<Search> running, int rowsEach, float[] logProbabilities, int vocabulary) {
        float[] sums = new float[beams * vocabulary];
        float[] row = new float[vocabulary];
        for (int i = 0; i < running.size(); i++) {
            Search search = running.get(i);
            search.row = i * rowsEach;
            for (int beam = 0; beam < beams; beam++) {
                History history = search.beams.history(beam);
                if (beam < rowsEach) { // else all beams are still one
                    System.arraycopy(logProbabilities, (search.row + beam) * vocabulary, row, 0, vocabulary);
                    for (ScoreProcessor processor : processors) processor.process(history, row);
                }
                float before = search.beams.score(beam);
                int to = beam * vocabulary;
                for (int token = 0; token < vocabulary; token++) sums[to + token] = row[token] + before;
            }
            search.beams.step(candidates(search, sums, vocabulary));
        }
    }

    private List<Candidate> candidates(Search search, float[] sums, int vocabulary) {
        TopTokens best = TopTokens.of(sums, wanted);
        if (best.count() < wanted || best.value(0) == ScoreProcessor.BANNED)
            throw Generator.nothingToChoose(sums, search.beams.history(0));
        List<Candidate> candidates = new ArrayList<>();
        if (config.doSample()) {
            for (int place : search.draws.different(sums, wanted)) candidates.add(candidate(sums, place, vocabulary));
        } else {
            for (int k = 0; k < wanted; k++) candidates.add(candidate(sums, best.place(k), vocabulary));
        }
        return candidates;
    }

    private static Candidate candidate(float[] sums, int place, int vocabulary) {
        return new Candidate(place / vocabulary, place % vocabulary, sums[place]);
    }
}
