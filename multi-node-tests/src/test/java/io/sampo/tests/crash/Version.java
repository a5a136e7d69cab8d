package io.sampo.tests.crash;

/**
 * What a key holds after an acknowledged operation.
 *
 * @param value null when the key was deleted or never written
 * @param revision the modification revision; of a deletion its header's revision
 */
record Version(String value, long revision) {

  static final Version ABSENT = new Version(null, 0);

  boolean sameContent(Version other) {
    return value == null ? other.value == null : value.equals(other.value);
  }
}
