//! Many short lists of numbers in one piece of memory, and the same turned round; not what the numbers stand for.

/// Lists of numbers, each known by its own number.
#[derive(Debug)]
pub(super) struct Lists {
    /// Where each list begins in `items`, and where the last one ends.
    starts: Vec<u32>,
    items: Vec<u32>,
}

impl Lists {
    /// None yet, with room for so many.
    pub(super) fn with_capacity(lists: usize) -> Self {
        let mut starts = Vec::with_capacity(lists + 1);
        starts.push(0);
        Lists { starts, items: Vec::new() }
    }

    /// Adds a list.
    pub(super) fn push(&mut self, items: impl IntoIterator<Item = u32>) {
        self.items.extend(items);
        self.starts.push(self.items.len() as u32);
    }

    /// How many lists there are.
    pub(super) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// The items of a list.
    pub(super) fn of(&self, list: u32) -> &[u32] {
        let at = list as usize;
        &self.items[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    /// For each of `count` items the lists that have it, in the order in which `lists` names them.
    pub(super) fn turned(&self, count: usize, lists: &[u32]) -> Lists {
        let mut starts = vec![0; count + 1];
        for list in lists {
            for item in self.of(*list) {
                starts[*item as usize + 1] += 1;
            }
        }
        for at in 0..count {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut items = vec![0; starts[count] as usize];
        for list in lists {
            for item in self.of(*list) {
                let at = &mut next[*item as usize];
                items[*at as usize] = *list;
                *at += 1;
            }
        }
        Lists { starts, items }
    }
}
