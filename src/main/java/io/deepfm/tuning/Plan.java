package io.deepfm.tuning;

import io.deepfm.config.ConfigException;
import io.deepfm.config.space.SearchSpace;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;

/**
 * How to search.
 *
 * @param method what is tried, and for how long
 * @param trials how many settings are tried, at most
 * @param finalists how many of the best are trained again with other seeds
 * @param seeds how many seeds each finalist is trained with
 */
public record Plan(Method method, int trials, int finalists, int seeds) {

    /** A draw that was drawn before is drawn again, up to so many times for each trial. */
    private static final int DRAWS_PER_TRIAL = 100;

    /** The kinds of search. */
    public enum Method {
        /** All combinations, to the end. */
        GRID,
        /** Combinations by chance, to the end (Bergstra and Bengio, JMLR 2012). */
        RANDOM,
        /**
         * Combinations by chance: the better half trains on at each rung, of which there are up to three (Jamieson and
         * Talwalkar, Non-stochastic best arm identification and hyperparameter optimization, AISTATS 2016).
         */
        HALVING
    }

    /** Checks ranges. */
    public Plan {
        atLeastOne("--trials", trials);
        atLeastOne("--finalists", finalists);
        atLeastOne("--seeds", seeds);
    }

    private static void atLeastOne(String option, int value) {
        if (value < 1) {
            throw new ConfigException(option + " must be at least 1, found " + value + ".");
        }
    }

    /** The epochs that trials have at the end of each rung: a quarter, half and all. */
    List<Integer> rungs(int epochs) {
        List<Integer> rungs = new ArrayList<>(List.of(epochs));
        if (method == Method.HALVING) {
            for (int share = 2; share <= 4; share *= 2) {
                int earlier = (epochs + share - 1) / share;
                if (earlier < rungs.get(0)) {
                    rungs.add(0, earlier);
                }
            }
        }
        return rungs;
    }

    /** What is tried, no two alike: of two plans, the one with fewer trials has the first of the other's. */
    List<Trial> trials(SearchSpace space, long seed) {
        List<SortedMap<String, String>> points = method == Method.GRID ? space.grid() : drawn(space, seed);
        List<Trial> all = new ArrayList<>();
        for (SortedMap<String, String> point : points) {
            all.add(Trial.numbered(all.size() + 1, point, seed));
        }
        if (all.size() > trials) {
            throw new ConfigException("The grid has " + all.size() + " combinations. Give --trials " + all.size()
                    + " for all of them, or search with --method random or halving.");
        }
        return all;
    }

    private List<SortedMap<String, String>> drawn(SearchSpace space, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Set<SortedMap<String, String>> seen = new HashSet<>();
        List<SortedMap<String, String>> points = new ArrayList<>();
        for (int draw = 0; draw < trials * DRAWS_PER_TRIAL && points.size() < trials; draw++) {
            SortedMap<String, String> point = space.draw(random);
            if (seen.add(point)) {
                points.add(point);
            }
        }
        return points;
    }
}
