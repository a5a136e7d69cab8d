package io.sampo.persistence.disk;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskSpaceTest {

  @TempDir private Path directory;

  @Test
  void aDiskThatTakesFilesHasBytesLeft() throws IOException {
    assertTrue(DiskSpace.usableBytes(directory) > 0);
  }

  @Test
  void whatDoesNotExistIsNotTakenForAFullDisk() {
    Path missing = directory.resolve("missing");
    assertThrows(NoSuchFileException.class, () -> DiskSpace.usableBytes(missing));
  }

  @Test
  void aFolderIsOnTheDiskOfItsParent() throws IOException {
    assertTrue(DiskSpace.isOneDisk(directory, Files.createDirectory(directory.resolve("folder"))));
  }
}
