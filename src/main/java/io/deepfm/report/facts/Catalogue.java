package io.deepfm.report.facts;

import java.util.Map;

/**
 * What train knows of users and items.
 *
 * @param interactions training interactions of each item, by its index
 * @param users how many users there are
 * @param activity training interactions of the users of the held-out rows, by the user's index; 0 where there is none
 */
public record Catalogue(int[] interactions, long users, Map<Integer, Long> activity) {}
