package org.powersync.jakarta.syncconfig.value;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * The order of members in every stored or sent object: names that look like array indexes first,
 * ascending, then the others as they came (storage section 3.1).
 */
public final class MemberOrder {
  private static final long NOT_AN_INDEX = -1;
  private static final long MAX_INDEX = 0xfffffffeL;

  private MemberOrder() {}

  /** Whether the name is a canonical decimal below 2³²−1. */
  public static boolean isIndex(String name) {
    return index(name) != NOT_AN_INDEX;
  }

  /** The names in order of output. */
  static Collection<String> of(Collection<?> names) {
    boolean ordered = true;
    for (Object name : names) {
      if (isIndex((String) name)) {
        ordered = false;
        break;
      }
    }
    List<String> all = new ArrayList<>(names.size());
    for (Object name : names) {
      all.add((String) name);
    }
    if (!ordered) {
      all.sort(Comparator.comparingLong(MemberOrder::rank));
    }
    return all;
  }

  /** The positions of the names in order of output, or null when that is the order they have. */
  public static int[] permutation(List<String> names) {
    boolean ordered = true;
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      if (!name.isEmpty() && name.charAt(0) <= '9' && isIndex(name)) {
        ordered = false;
        break;
      }
    }
    if (ordered) {
      return null;
    }
    List<Integer> positions = new ArrayList<>(names.size());
    for (int i = 0; i < names.size(); i++) {
      positions.add(i);
    }
    positions.sort(Comparator.comparingLong(i -> rank(names.get(i))));
    return positions.stream().mapToInt(Integer::intValue).toArray();
  }

  private static long rank(String name) {
    long index = index(name);
    return index == NOT_AN_INDEX ? Long.MAX_VALUE : index;
  }

  private static long index(String name) {
    int length = name.length();
    if (length == 0 || length > 10 || length > 1 && name.charAt(0) == '0') {
      return NOT_AN_INDEX;
    }
    long index = 0;
    for (int i = 0; i < length; i++) {
      char c = name.charAt(i);
      if (c < '0' || c > '9') {
        return NOT_AN_INDEX;
      }
      index = index * 10 + (c - '0');
    }
    return index <= MAX_INDEX ? index : NOT_AN_INDEX;
  }
}
