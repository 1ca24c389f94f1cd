#include "run/job_queue.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace splitstrip {
namespace {

class JobQueueTest : public testing::Test {
 protected:
  JobQueue::Task task(const std::string& name) {
    return {[this, name] { log += name; }, [this, name] { log += "-" + name; }};
  }

  std::string log;
};

TEST_F(JobQueueTest, begins_in_order_and_never_more_than_its_slots) {
  JobQueue queue(2);
  for (const char* name : {"a", "b", "c", "d"}) queue.add(task(name));
  EXPECT_EQ(log, "");
  queue.turn();
  EXPECT_EQ(log, "ab");
  queue.turn();
  EXPECT_EQ(log, "ab");
  queue.end_one();
  queue.turn();
  EXPECT_EQ(log, "abc");
  queue.end_one();
  queue.end_one();
  queue.turn();
  EXPECT_EQ(log, "abcd");
  EXPECT_EQ(queue.running(), 1U);
  EXPECT_EQ(queue.waiting(), 0U);
}

TEST_F(JobQueueTest, short_tasks_come_first_and_in_their_order) {
  JobQueue queue(1);
  queue.add(task("a"));
  for (const char* name : {"1", "2"}) queue.add_short(task(name));
  EXPECT_EQ(queue.waiting(), 3U);
  for (int i = 0; i < 3; ++i) {
    queue.turn();
    queue.end_one();
  }
  EXPECT_EQ(log, "12a");
}

TEST_F(JobQueueTest, no_slots_is_one_slot) {
  JobQueue queue(0);
  queue.add(task("a"));
  queue.turn();
  EXPECT_EQ(log, "a");
}

TEST_F(JobQueueTest, cancelling_drops_what_waits_and_what_comes_later) {
  JobQueue queue(1);
  for (const char* name : {"a", "b"}) queue.add(task(name));
  queue.turn();
  queue.cancel();
  EXPECT_EQ(log, "a");
  queue.turn();
  EXPECT_EQ(log, "a-b");
  queue.add(task("c"));
  queue.turn();
  EXPECT_EQ(log, "a-b-c");
  EXPECT_EQ(queue.running(), 1U);
}

TEST_F(JobQueueTest, a_task_that_ends_while_it_begins_makes_room_in_the_same_turn) {
  JobQueue queue(1);
  queue.add({[&] {
               log += "x";
               queue.add(task("y"));
               queue.end_one();
             },
             [] {}});
  queue.turn();
  EXPECT_EQ(log, "xy");
}

TEST_F(JobQueueTest, cancelled_from_within_a_task_drops_the_rest_in_the_same_turn) {
  JobQueue queue(3);
  queue.add({[&] { queue.cancel(); }, [] {}});
  queue.add(task("a"));
  queue.turn();
  EXPECT_EQ(log, "-a");
}

}  // namespace
}  // namespace splitstrip
